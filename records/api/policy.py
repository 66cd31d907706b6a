"""The signed policy (``backend_client.contract.policy``)."""

from fastapi import APIRouter

from backend_client.contract.policy import SignedPolicy
from records.api.dependencies import DEVICE_PROBLEMS, Device, OpenRecords
from records.api.problems import documented
from records.services import policy

router = APIRouter(tags=["policy"])


@router.get("/v1/policy", responses=documented(*DEVICE_PROBLEMS))
def newest(records: OpenRecords, device: Device) -> SignedPolicy:
    """The version in force, with its signature."""
    del device
    return policy.signed(records)
