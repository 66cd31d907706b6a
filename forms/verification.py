"""What one can say of a paper one holds, and the limits of it.

Without a network a verifier knows: whether the compact code is as records signed it, whether the PDF is as records
signed it, and whether both speak of the same contents. A picture's printed words it can't check, so it shows what was
signed and asks a person to compare. Whether a paper was voided only records know (forms.online). A photocopy of a
genuine paper is not told apart from it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from forms.code import Claims, open_code
from forms.content import digest
from forms.errors import (
    AlteredCodeError,
    AlteredPaperError,
    UnknownIssuerError,
    UnreadableCodeError,
    UnreadablePaperError,
)
from forms.reading import PDF_MAGIC, find_code, page_text
from forms.trust import TrustStore


class Outcome(StrEnum):
    """The closed set of answers. The value is the first line a verifier prints."""

    GENUINE = "genuine"
    CODE_GENUINE = "code genuine, compare:"
    ALTERED = "altered"
    VOID = "void"
    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown issuer"
    NOT_READABLE = "not readable"
    NOT_REACHED = "records not reached"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and the sentence why. ``claims`` and ``code``: what was signed, where a known key signed it."""

    outcome: Outcome
    why: str
    claims: Claims | None = None
    code: str = ""


def verify_paper(paper: bytes, trust: TrustStore, now: datetime) -> Verdict:
    """Judge one file: a picture (PNG, JPEG), a scan in a PDF, or the signed PDF itself."""
    verdict = _judged_code(paper, trust)
    if verdict.claims is None or not _is_document(paper):
        return _unless_expired(verdict, now)
    return _unless_expired(_judged_document(paper, verdict, verdict.claims, trust), now)


def verify_against(paper: bytes, document: bytes, trust: TrustStore, now: datetime) -> Verdict:
    """Judge a paper together with the signed PDF it was printed from."""
    printed = verify_paper(paper, trust, now)
    if printed.claims is None or printed.outcome is Outcome.ALTERED:
        return printed
    if not _is_document(document):
        return Verdict(Outcome.NOT_READABLE, "What it was to be compared with is no document.", printed.claims)
    return _unless_expired(_judged_document(document, printed, printed.claims, trust), now)


def _judged_code(paper: bytes, trust: TrustStore) -> Verdict:
    try:
        code = find_code(paper)
        claims = open_code(code, trust)
    except UnreadablePaperError as error:
        return Verdict(Outcome.NOT_READABLE, f"On the paper: {error.detail}.")
    except UnreadableCodeError:
        return Verdict(Outcome.NOT_READABLE, "The code is not of a kind this verifier knows.")
    except AlteredCodeError:
        return Verdict(Outcome.ALTERED, "The code is not as its issuer signed it.")
    except UnknownIssuerError:
        return Verdict(Outcome.UNKNOWN_ISSUER, "The trusted root never vouched for the key that made the code.")
    return Verdict(Outcome.CODE_GENUINE, "The code is as its issuer signed it.", claims, code)


def _is_document(paper: bytes) -> bool:
    """Whether a file claims to be the document itself; a PDF without words or signature is a scan."""
    from forms.signed_pdf import signature_count  # noqa: PLC0415 # pyHanko takes most of a second to load

    try:
        return paper.startswith(PDF_MAGIC) and bool(signature_count(paper) or page_text(paper).strip())
    except UnreadablePaperError:
        return False


def _judged_document(document: bytes, code: Verdict, claims: Claims, trust: TrustStore) -> Verdict:
    from forms.signed_pdf import check_signature  # noqa: PLC0415 # as above

    try:
        check_signature(document, trust, claims.issued_at)
        words = digest(page_text(document))
    except (AlteredPaperError, UnreadablePaperError) as error:
        return replace(code, outcome=Outcome.ALTERED, why=error.detail)
    if words != claims.digest:
        return replace(code, outcome=Outcome.ALTERED, why="The code was made for another document than this.")
    return replace(code, outcome=Outcome.GENUINE, why="Document, signature and code agree.")


def _unless_expired(verdict: Verdict, now: datetime) -> Verdict:
    holds = verdict.outcome in (Outcome.GENUINE, Outcome.CODE_GENUINE)
    if holds and verdict.claims is not None and now >= verdict.claims.expires_at:
        return replace(verdict, outcome=Outcome.EXPIRED, why=f"It was valid until {verdict.claims.valid_until}.")
    return verdict
