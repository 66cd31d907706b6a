"""How a reading ends early: one exception that carries its conclusion to ``reading``, and never leaves it."""

from collections.abc import Iterator
from contextlib import contextmanager

from civic.errors import CodedError, InvalidValueError
from devices.chip.tlv import TlvError
from devices.travel_document.api import DocumentProblem

_NOT_UNDERSTOOD = (
    InvalidValueError,  # an MRZ or a name against its rules
    TlvError,
    # asn1crypto and cryptography parse lazily, and raise what Python raised beneath them
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
)


class DocumentError(CodedError):
    """The document that lies there can't be read, or believed. ``detail``: a file, a rule, a status word."""

    code = "travel-document"

    def __init__(self, problem: DocumentProblem, detail: str = "") -> None:
        super().__init__(detail)
        self.problem = problem


@contextmanager
def understanding(file: str) -> Iterator[None]:
    """What goes wrong in here means that ``file`` is damaged; what it holds is not told."""
    try:
        yield
    except _NOT_UNDERSTOOD as error:
        rule = error.detail if isinstance(error, CodedError) and error.detail else "structure"
        raise DocumentError(DocumentProblem.DAMAGED, f"{file}: {rule}") from None
