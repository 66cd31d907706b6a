"""What is true of a paper that somebody holds, by its own code. Nothing is told that the paper does not show itself."""

from backend_client.contract.papers import PaperState
from backend_client.contract.verification import PaperStanding, TrustBundle, VerificationAnswer
from forms.code import Claims, open_code
from forms.errors import CodeError
from records.context import Records
from records.rules.periods import expired
from records.store import papers
from records.store.papers import PaperRow


def verify(records: Records, code: str) -> VerificationAnswer:
    """The standing of the paper that carries ``code``."""
    now = records.clock.now()
    try:
        claims = open_code(code, records.trust)
    except CodeError:
        return VerificationAnswer(server_time=now, standing=PaperStanding.UNKNOWN)
    standing = standing_of(records, claims)
    serial = "" if standing is PaperStanding.UNKNOWN else claims.serial
    return VerificationAnswer(server_time=now, standing=standing, serial=serial)


def standing_of(records: Records, claims: Claims) -> PaperStanding:
    """What is true now of the paper whose genuine code states ``claims``."""
    with records.database.reading() as transaction:
        paper = papers.find(transaction, claims.serial)
    if paper is None:  # signed by us and not in our books: another database of the same keys
        return PaperStanding.UNKNOWN
    if paper.state is PaperState.DELIVERED and records.clock.now() >= claims.expires_at:
        return PaperStanding.EXPIRED  # to the minute, where a paper ends within a day
    return _standing(records, paper)


def trust(records: Records) -> TrustBundle:
    """What a verifier keeps."""
    return TrustBundle(
        server_time=records.clock.now(),
        root_pem=records.root_pem,
        issuers_pem=records.issuers_pem,
        revoked_pem=records.revoked_pem,
    )


def _standing(records: Records, paper: PaperRow) -> PaperStanding:
    match paper.state:
        case PaperState.VOID:
            return PaperStanding.VOID
        case PaperState.RESERVED | PaperState.SEALED:
            return PaperStanding.NOT_YET
        case PaperState.DELIVERED:
            late = expired(paper.valid_until, records.clock.now())
            return PaperStanding.EXPIRED if late else PaperStanding.GENUINE
