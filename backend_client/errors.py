"""Why records did not do what a device asked.

RecordsError
├── RecordsUnreachableError  no answer: cable, name, timeout, or a gateway in between   (temporary)
├── RecordsRefusedError      records answered no; ``code`` is ``records-`` and the problem's own code
│   └── DeviceRevokedError   this device may not speak to records any more
├── RecordsProtocolError     an answer that the contract does not know
├── PolicyRefusedError       a policy bundle that is forged, older than ours, or past its end
├── SealUnreadableError      a sealed intake that this key, or this header, does not open
├── EnrolmentError           the device's own key or certificate can't be used
└── EnrolmentCodeError       what was typed can't be a one-time code: records were not asked

No message holds anything personal: neither what was sent nor what came back is ever quoted.
"""

from typing import ClassVar

from backend_client.contract.base import Problem, ProblemCode
from civic.errors import CodedError


class RecordsError(CodedError):
    """Records did not do what was asked."""

    code = "records"
    temporary: ClassVar[bool] = False


class RecordsUnreachableError(RecordsError):
    """Nobody answered. Whether the request arrived is unknown. ``retry_after_s``: what a gateway asked for."""

    code = "records-unreachable"
    temporary = True

    def __init__(self, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class RecordsRefusedError(RecordsError):
    """Records answered no. ``problem`` says why, and whether waiting helps."""

    code = "records-refused"

    def __init__(self, problem: Problem) -> None:
        vars(self)["code"] = f"records-{problem.code}"  # one class for the closed set of problem codes
        super().__init__(f"{problem.status}")
        self.problem = problem


class DeviceRevokedError(RecordsRefusedError):
    """This device's certificate was revoked."""


class RecordsProtocolError(RecordsError):
    """An answer that the contract does not know. ``detail`` names the endpoint's kind and the status."""

    code = "records-protocol"


class PolicyRefusedError(RecordsError):
    """A policy bundle that must not be used. ``detail``: signature, issuer, version or expiry."""

    code = "policy-refused"


class SealUnreadableError(RecordsError):
    """A sealed intake does not open: another key's, another header's, or no seal."""

    code = "seal-unreadable"


class EnrolmentError(RecordsError):
    """The device's own key or certificate can't be used. ``detail`` says which."""

    code = "enrolment"


class EnrolmentCodeError(RecordsError):
    """What was typed can't be a one-time code: records were not asked. ``detail`` never repeats it."""

    code = "enrolment-code-invalid"


def refusal(problem: Problem) -> RecordsRefusedError:
    """The error for a problem."""
    if problem.code is ProblemCode.DEVICE_REVOKED:
        return DeviceRevokedError(problem)
    return RecordsRefusedError(problem)
