"""What one can say of a paper one holds, and the limits of it.

Without a network a verifier knows: whether the compact code is as records signed it; whether a PDF is as records signed
it, and both speak of the same contents; of a picture, whether the words on it are those that were signed, as far as
they can be read for certain (forms.scan). Whether a paper was voided it knows as of the carried list's date, and
records know now (forms.online). A photocopy of a genuine paper is not told apart from it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from forms import reasons
from forms.carried import CarriedList
from forms.code import Claims, open_code
from forms.content import chinese_date, chinese_minute, digest
from forms.errors import (
    AlteredCodeError,
    AlteredPaperError,
    AssetsMissingError,
    UnknownIssuerError,
    UnreadableCodeError,
    UnreadablePaperError,
)
from forms.paper import CHINA_TIME
from forms.reading import PDF_MAGIC, find_code, page_text, pictures
from forms.reasons import Sentence
from forms.stated import Label
from forms.trust import TrustStore


class Outcome(StrEnum):
    """The closed set of answers. The value is the first line a verifier prints."""

    GENUINE = "genuine"
    COMPARE = "compare"  # the code is genuine; a person compares the sheet with what it states
    ALTERED = "altered"
    VOID = "void"
    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown issuer"
    NOT_READABLE = "not readable"
    NOT_REACHED = "records not reached"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and why. ``claims`` and ``code``: what was signed, where a known key signed it; ``compare``: what on
    the sheet a person has to look at."""

    outcome: Outcome
    why: Sentence
    claims: Claims | None = None
    code: str = ""
    compare: tuple[Label, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against the paper so far."""
        return self.outcome in (Outcome.GENUINE, Outcome.COMPARE)


def verify_paper(paper: bytes, trust: TrustStore, now: datetime, carried: CarriedList | None = None) -> Verdict:
    """Judge one file: a picture (PNG, JPEG), a scan in a PDF, or the signed PDF itself."""
    verdict = _judged_code(paper, trust)
    if verdict.claims is None:
        return verdict
    if _is_document(paper):
        return in_force(_judged_document(paper, verdict, verdict.claims, trust), now, carried)
    in_time = in_force(verdict, now, carried)
    return _judged_picture(paper, in_time, verdict.claims) if in_time.stands else in_time


def verify_against(
    paper: bytes, document: bytes, trust: TrustStore, now: datetime, carried: CarriedList | None = None
) -> Verdict:
    """Judge a paper together with the signed PDF it was printed from: of the two answers the worse. A picture's fields
    are compared with the document's, not only those that the code states; it is read as without one."""
    code = _judged_code(paper, trust)
    claims, is_document = code.claims, _is_document(paper)
    if claims is None:
        return code
    printed = _judged_document(paper, code, claims, trust) if is_document else code
    if not printed.stands:
        return printed
    if not _is_document(document):
        return Verdict(Outcome.NOT_READABLE, reasons.NO_DOCUMENT, claims)
    proved = in_force(_judged_document(document, printed, claims, trust), now, carried)
    if is_document or not proved.stands:
        return proved
    return _judged_picture(paper, replace(code, why=proved.why), claims, page_text(document))


def verify_code(code: str, trust: TrustStore, now: datetime, carried: CarriedList | None = None) -> Verdict:
    """Judge a code alone: what it states is for a person to compare with the sheet."""
    return in_force(_opened(code, trust), now, carried)


def in_force(verdict: Verdict, now: datetime, carried: CarriedList | None) -> Verdict:
    """An answer completed by what time and the carried list say."""
    claims = verdict.claims
    if not verdict.stands or claims is None:
        return verdict
    if carried is not None and carried.says_void(claims.serial):
        return replace(verdict, outcome=Outcome.VOID, why=reasons.VOID.of(*_day(carried.made_at)))
    if now >= claims.expires_at:
        until = str(claims.valid_until)
        return replace(
            verdict, outcome=Outcome.EXPIRED, why=reasons.EXPIRED.of(chinese_date(claims.valid_until), until)
        )
    return replace(verdict, why=verdict.why.then(_as_of(carried, now)))


def _as_of(carried: CarriedList | None, now: datetime) -> Sentence:
    if carried is None:
        return reasons.NO_LIST
    known = reasons.NOT_VOID.of(*_day(carried.made_at))
    return known.then(reasons.OLD_LIST) if carried.is_old(now) else known


def _day(moment: datetime) -> tuple[str, str]:
    return chinese_minute(moment), f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"


def _judged_code(paper: bytes, trust: TrustStore) -> Verdict:
    try:
        return _opened(find_code(paper), trust)
    except UnreadablePaperError as error:
        return Verdict(Outcome.NOT_READABLE, reasons.UNREADABLE.of(error.detail, error.detail))


def _opened(code: str, trust: TrustStore) -> Verdict:
    try:
        claims = open_code(code, trust)
    except UnreadableCodeError:
        return Verdict(Outcome.NOT_READABLE, reasons.UNKNOWN_CODE)
    except AlteredCodeError:
        return Verdict(Outcome.ALTERED, reasons.ALTERED_CODE)
    except UnknownIssuerError:
        return Verdict(Outcome.UNKNOWN_ISSUER, reasons.UNKNOWN_KEY)
    compared = tuple(label for label, _ in claims.facts)
    return Verdict(Outcome.COMPARE, reasons.CODE_HOLDS, claims, code, compared)


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
        return replace(code, outcome=Outcome.ALTERED, why=reasons.DOCUMENT_ALTERED.of("", error.detail), compare=())
    if words != claims.digest:
        return replace(code, outcome=Outcome.ALTERED, why=reasons.OTHER_DOCUMENT, compare=())
    return replace(code, outcome=Outcome.GENUINE, why=reasons.DOCUMENT_HOLDS, compare=())


def _judged_picture(paper: bytes, code: Verdict, claims: Claims, document: str = "") -> Verdict:
    """What the words on the picture say; ``code``: what is known without them; ``document``: the text of its PDF."""
    from forms.scan.judgement import Judged, judge  # noqa: PLC0415 # the page's libraries, and the recogniser's
    from forms.scan.recogniser import recogniser  # noqa: PLC0415

    seen = list(pictures(paper))
    try:
        said = judge(seen[0], claims, recogniser(), document) if len(seen) == 1 else None
    except AssetsMissingError:
        return replace(code, why=reasons.NO_RECOGNISER.then(code.why))
    if said is None:
        return replace(code, why=reasons.NOT_LAID_OUT.then(code.why))
    outcomes = {Judged.GENUINE: Outcome.GENUINE, Judged.COMPARE: Outcome.COMPARE, Judged.ALTERED: Outcome.ALTERED}
    why = said.why if said.judged is Judged.ALTERED else said.why.then(code.why)
    return replace(code, outcome=outcomes[said.judged], why=why, compare=said.compare)
