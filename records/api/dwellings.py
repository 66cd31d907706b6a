"""The community's flats (``backend_client.contract.persons``)."""

from fastapi import APIRouter

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import Dwelling, DwellingRequest
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords
from records.api.problems import documented
from records.services import dwelling

router = APIRouter(tags=["persons"])

_PROBLEMS = (*KIOSK_PROBLEMS, ProblemCode.DWELLING_UNKNOWN, ProblemCode.TOO_MANY_REQUESTS)


@router.post("/v1/dwellings", responses=documented(*_PROBLEMS))
def find(records: OpenRecords, device: Kiosk, body: DwellingRequest) -> Dwelling:
    """The flat behind a door; nothing of who lives there."""
    return dwelling.find(records, device, body)
