"""The tiles: what can be done here now, and why something can't."""

from collections.abc import Iterator

from kiosk.flows.errand import SERVICES
from kiosk.flows.readiness import CHECK, NOTICES, RECEIPT, TENANCY, Readiness
from kiosk.presenters.surroundings import Surroundings
from terminal.views import Choice, ChoiceView, View

_NO_PAPERS = {CHECK: ("check-paper", "verify"), NOTICES: ("notices", "guide"), TENANCY: ("renting", "tenancy")}

_NEVER = "outbox.not-offered"  # whatever else is the matter
_WITH_NOTES = 6  # tiles that stand there with their notes


def present(readiness: Readiness, around: Surroundings) -> View:
    """A reason that all grey tiles share is said once, above them; reasons that differ stand on the tiles, and so does
    it that one is for another kiosk."""
    words, renting = around.words, readiness.renting()
    never = {TENANCY} if _NEVER in renting else set()
    tiles = (*offered(around), TENANCY, NOTICES, CHECK)
    brief = around.aided or len(tiles) > _WITH_NOTES  # all in sight at once help more
    later, away = readiness.declaration(), "" if readiness.linked else TENANCY
    blocked = {tile: why for tile in tiles if (why := _why(tile, readiness, around))}
    now = {why for tile, why in blocked.items() if tile not in never}
    shared = now if len(now) == 1 else set()
    said = tuple(_said(shared, readiness, blocked, around))
    return ChoiceView(
        words("home.question"),
        around.speech(words("home.spoken"), *said),
        words("home.help"),
        paragraph="\n".join(said[: 1 if around.aided else None]),
        choices=tuple(
            _taken_in(tile, around)
            if (tile, ()) in ((RECEIPT, later), (away, renting))
            else _tile(tile, _on(tile, blocked, shared), around, grey=tile in blocked, brief=brief)
            for tile in tiles
        ),
        columns=2,
    )


def _on(tile: str, blocked: dict[str, str], shared: set[str]) -> str:
    """The reason that stands on a tile."""
    why = blocked.get(tile, "")
    return "" if why in shared else why


def _why(tile: str, readiness: Readiness, around: Surroundings) -> str:
    """Why it can't begin: the worst reason; of what is handed in without a link every one, so that nobody waits for one
    of several to pass."""
    reasons, later = readiness.reasons(tile), readiness.declaration()
    if tile == TENANCY:
        reasons = readiness.renting()
        reasons = (_NEVER,) if _NEVER in reasons else reasons
    if tile != RECEIPT or later is None:
        return reason(reasons[0], around) if reasons else ""
    return around.words("home.join").join(reason(each, around) for each in later)


def offered(around: Surroundings) -> tuple[str, ...]:
    """Services by their kinds, in the policy's order; all that there are, before there is a policy."""
    return tuple(service.kind for service in around.place.services) or SERVICES


def reason(code: str, around: Surroundings) -> str:
    """``page_printer.paper-out`` in words; the device alone where there is nothing more exact to say."""
    device, _, detail = code.partition(".")
    exact = f"reason.{device}_reason.{detail}"
    return around.words(exact if around.words.has(exact) else f"reason.{device}")


def _said(shared: set[str], readiness: Readiness, blocked: dict[str, str], around: Surroundings) -> Iterator[str]:
    words, services = around.words, offered(around)
    for why in shared:
        yield words("home.paused", reason=why)
    if any(service in blocked for service in services):
        desk = around.desk()
        yield words("reason.elsewhere", desk=desk["name"], when=desk["opening"] or desk["hours"])
    if readiness.face and any(service not in blocked for service in services):
        yield words("home.officer_only")


def _taken_in(tile: str, around: Surroundings) -> Choice:
    """居住登记 and 租房与门禁 without a link: taken in now, decided later."""
    action, note = ("declare", "home.declare_note") if tile == RECEIPT else ("renting", "home.tenancy_away")
    return Choice(action, around.words(f"home.{tile}"), around.words(note), icon=tile)


def _tile(tile: str, why: str, around: Surroundings, *, grey: bool, brief: bool) -> Choice:
    words = around.words
    note = why if grey or brief else words(f"home.{tile}_note")
    action, icon = _NO_PAPERS.get(tile, (f"service:{tile}", tile))
    return Choice(action, words(f"home.{tile}"), note, enabled=not grey, icon=icon)
