"""Checking a paper (``backend_client.contract.verification``). For anyone."""

from fastapi import APIRouter, Response

from backend_client.contract.verification import CARRIED_TYPE, TrustBundle, VerificationAnswer, VerificationRequest
from records.api.dependencies import OpenRecords
from records.api.problems import documented
from records.services import carrying, verification

router = APIRouter(tags=["verification"])


@router.post("/v1/verifications", responses=documented())
def verify(records: OpenRecords, body: VerificationRequest) -> VerificationAnswer:
    """What is true now of the paper that carries this code."""
    return verification.verify(records, body.code)


@router.get("/v1/trust", responses=documented())
def trust(records: OpenRecords) -> TrustBundle:
    """The root, and the certificates of the document and code keys."""
    return verification.trust(records)


@router.get(
    "/v1/trust/carried",
    responses={**documented(), 200: {"content": {CARRIED_TYPE: {}}, "description": "The list (forms.carried)."}},
    response_class=Response,
)
def carried(records: OpenRecords) -> Response:
    """The carried list: issuers, and what is void as of its date, signed."""
    return Response(carrying.carried(records), media_type=CARRIED_TYPE)
