"""Every screen there is, with synthetic content: what ``make screens`` draws and the text tests walk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from civic.masking import Personal
from kiosk.flows import application, leftovers, maintenance, visit
from kiosk.flows.comfort import Comfort
from kiosk.flows.readiness import CHECK, NOTICES, TENANCY, OutOfService, Readiness
from kiosk.presenters import gallery_identification as identification
from kiosk.presenters import gallery_intakes as intakes
from kiosk.presenters import gallery_notices, gallery_tenancy
from kiosk.presenters import gallery_services as services
from kiosk.presenters.gallery_check import checks
from kiosk.presenters.opening import Hours
from kiosk.presenters.surroundings import Place, Surroundings, Window
from kiosk.presenters.visit import chrome, present
from terminal.machine import MachineGroup, MachineRow
from terminal.texts import Words
from terminal.views import Chrome, View

PLACE = Place(
    desk=Window(
        id="",
        name=(("zh", "平安灯派出所户籍窗口（示例）"), ("en", "Household registration desk (example)")),
        address=(("zh", "示例市灯火路 1 号"), ("en", "1 Lamplight Road, Shili City")),
        hours=(("zh", "每天 08:30 至 17:30"), ("en", "daily 08:30 to 17:30")),
        phone="0000-0110",
        openings=(Hours((1, 2, 3, 4, 5, 6, 7), "08:30", "17:30"),),
    ),
    issuer=(("zh", "示例市公安局平安灯派出所（样张）"), ("en", "Lamplight Police Station, Shili (specimen)")),
    specimen=True,
    services=services.SERVICES,
    offices=(
        Window(
            id="exit_entry",
            name=(("zh", "出入境接待大厅（示例）"), ("en", "Exit-entry reception hall (example)")),
            address=(("zh", "示例市远行路 8 号"), ("en", "8 Yuanxing Road, Shili City")),
            hours=(("zh", "周一至周五 09:00 至 17:00"), ("en", "Monday to Friday, 09:00 to 17:00")),
            phone="0000-0120",
            openings=(Hours((1, 2, 3, 4, 5), "09:00", "17:00"),),
        ),
    ),
    notice="2026-11",
)
_PORT = (("port", "/dev/lamplight-id-card"), ("baud", "115200"))
_TABLE = (
    MachineGroup(
        "devices",
        (
            MachineRow("id_card", state="unplugged", level="down", said="card_status.card-rejects-sam", facts=_PORT),
            MachineRow("travel_document", state="ok", said="document_problem.signer-unknown"),
            MachineRow("camera", state="ok"),
            MachineRow("mrz", state="ok"),
            MachineRow("face", state="ok", said="said.passive-none", facts=(("model", "face_pack"),)),
            MachineRow("page_printer", state="paper-low", level="degraded", facts=(("model", "Lamplight Laser"),)),
            MachineRow("thermal_printer", state="cover-open", level="down"),
            MachineRow("records", state="ok"),
            MachineRow("policy", state="ok"),
            MachineRow("queue", state="ok"),
            MachineRow("fonts", state="assets-missing", level="down", facts=(("file", "HanaMinB.ttf"),)),
        ),
    ),
    MachineGroup(
        "machine",
        (
            MachineRow("officer", value="off_duty"),
            MachineRow("untold", value="queue", values=(("count", 1),), level="degraded"),
            MachineRow(
                "intakes",
                value="intakes",
                values=(("count", 12), ("hours", 5), ("minutes", 40)),
                level="degraded",
                said="intakes_problem.unreachable",
            ),
            MachineRow(
                "intakes_aside",
                value="queue",
                values=(("count", 1),),
                level="down",
                said="intake_problem.intake-unreadable",
            ),
            MachineRow("last_sync", text="2026-11-22 23:04:58"),
            MachineRow("clock_skew", value="skew", values=(("seconds", "+0.2"),)),
            MachineRow("disk", value="disk", values=(("gib", 41),)),
            MachineRow("policy_version", value="policy", values=(("version", 3), ("days", 2))),
            MachineRow("certificate", value="days_left", values=(("days", 74),)),
            MachineRow("carried_list", state="expired", level="degraded", facts=(("as-of", "2026-11-08 09:00"),)),
            MachineRow("audit", text="128 · 9f86d081884c"),
            MachineRow("versions", text="lamplight 0.1.0"),
        ),
    ),
)
_NO_LEASES = (TENANCY, ("outbox.not-offered",))
_READY = Readiness((*((service.kind, ()) for service in services.SERVICES), (NOTICES, ()), _NO_LEASES, (CHECK, ())))
_OFFICER_ONLY = Readiness(_READY.blocked, face="face.no-pack", officer=True)
_PAPER_OUT = Readiness((*((kind, ("page_printer.paper-out",)) for kind, _ in _READY.blocked[:3]), *_READY.blocked[3:]))
_FAULTS = Readiness((*_PAPER_OUT.blocked[:-1], (CHECK, ("camera.unplugged",))))
_OFFLINE = Readiness((*((kind, ("records.unreachable",)) for kind, _ in _READY.blocked[:-2]), *_READY.blocked[-2:]))


def _serving(name: str, at: application.Here) -> tuple[str, visit.Visit]:
    return name, visit.Visit(visit.Serving(at), readiness=_READY)


def visits() -> Iterator[tuple[str, visit.Visit]]:
    """(name, visit) for every state that has a screen, in the order of a visit."""
    yield "attract", visit.Visit(visit.Attract(), readiness=_READY)
    yield "attract-paused", visit.Visit(visit.Attract(), readiness=_PAPER_OUT)
    yield "attract-offline", visit.Visit(visit.Attract(), readiness=_OFFLINE)
    yield "attract-officer-only", visit.Visit(visit.Attract(), readiness=_OFFICER_ONLY)
    yield "home", visit.Visit(visit.Home(), readiness=_READY)
    yield "home-officer-only", visit.Visit(visit.Home(), readiness=_OFFICER_ONLY)
    yield "home-offline", visit.Visit(visit.Home(), readiness=_OFFLINE)
    yield "home-paper-out", visit.Visit(visit.Home(), readiness=_PAPER_OUT)
    yield "home-faults", visit.Visit(visit.Home(), readiness=_FAULTS)
    for name, without_link in intakes.homes(_OFFLINE):
        yield name, visit.Visit(visit.Home(), readiness=without_link)
        yield name.replace("home", "attract"), visit.Visit(visit.Attract(), readiness=without_link)
    for name, taking in gallery_tenancy.homes(_READY, _OFFLINE):
        yield name, visit.Visit(visit.Home(), readiness=taking)
    for name, early in services.beforehand():
        yield _serving(name, early)
    for name, claimed in identification.claims():
        yield _serving(name, application.Claiming(services.ERRAND, claimed))
    for name, proven in identification.proofs():
        yield _serving(name, application.Proving(services.ERRAND, proven))
    aided = application.Proving(services.ERRAND, identification.CHOICE)
    yield "proof-aided", visit.Visit(visit.Serving(aided), Comfort(speech=True), _READY)
    for name, asking in services.asking():
        yield _serving(name, asking)
    for name, correcting in intakes.corrections(services.CASE):
        yield _serving(name, application.Correcting(correcting))
    for name, making in services.making(_ENDINGS):
        yield _serving(name, making)
    for name, notice in gallery_notices.screens():
        yield name, visit.Visit(visit.ReadingNotices(notice), readiness=_READY)
    for name, renting in gallery_tenancy.screens():
        yield name, visit.Visit(visit.Renting(renting), readiness=_READY)
    for name, declaring in intakes.declarations():
        yield name, visit.Visit(visit.Declaring(declaring), readiness=_OFFLINE)
    for name, check in checks():
        yield name, visit.Visit(visit.CheckingPaper(check), readiness=_READY)
    yield from _around()


_ENDINGS = (
    ("reader-failed", False, False),
    ("document-reader-failed", False, False),
    ("card-not-yet-valid", False, False),
    ("records-unreachable", False, False),
    ("records-refused", False, False),
    ("card-expired", False, False),
    ("rare-character", False, False),
    ("reissue-limit", False, False),
    ("mistake", False, False),
    ("not-eligible", False, False),
    ("yearly-limit", False, False),
    ("too-young", False, False),
    ("residence-unconfirmed", False, False),
    ("no-portrait", False, False),
    ("record-unclear", False, False),
    ("paper-too-long", False, False),
    ("unexpected", True, False),
    ("cancelled", True, True),
    *((reason, True, True) for reason in ("paper-out", "jam", "cover-open", "toner-out", "output-full")),
    *((reason, True, True) for reason in ("waste-full", "part-worn-out", "fuser-fault", "memory-full")),
    *((reason, True, True) for reason in ("cutter-error", "overheated", "paper-left-in-presenter", "status-unknown")),
    *((reason, True, False) for reason in ("unreachable", "paused", "wrong-paper", "busy", "other")),
    *((reason, True, False) for reason in ("tray-missing", "part-missing", "needs-repair")),
)


def _around() -> Iterator[tuple[str, visit.Visit]]:
    yield "goodbye", visit.Visit(visit.SayingGoodbye(served=True))
    yield "goodbye-unserved", visit.Visit(visit.SayingGoodbye(served=False))
    yield "leftover-card", visit.Visit(leftovers.Leftover(card=True, paper=False))
    yield "leftover-paper", visit.Visit(leftovers.Leftover(card=False, paper=True))
    for reached in ("", "calling", "seen", "nobody", "away"):
        yield f"alarm-{reached or 'trying'}", visit.Visit(visit.Alarm(reached))
    yield "idle-warning", visit.Visit(visit.Home(), readiness=_READY, overlay=visit.Overlay.IDLE, seconds_left=20)
    yield "help", visit.Visit(visit.Home(), readiness=_READY, overlay=visit.Overlay.HELP)
    closed = OutOfService("paper", "tonight")
    yield "out-of-service", visit.Visit(visit.Closed(closed), closed=closed)
    for name, at in (
        ("pin", maintenance.EnteringPin(Personal("123"))),
        ("pin-wrong", maintenance.EnteringPin(wrong=True)),
        ("pin-locked", maintenance.EnteringPin(wrong=True, locked_minutes=15)),
        ("technician", maintenance.Page(None)),
        ("technician-printed", maintenance.Page(("repair", "unknown"), "printed")),
        ("technician-tests", maintenance.ChoosingTest(None)),
        ("close-reason", maintenance.ChoosingReason()),
        ("close-expected", maintenance.ChoosingExpected("repair")),
        ("intakes-aside", maintenance.ChoosingAside(None)),
        ("intakes-given-up", maintenance.GivingUp(None, "done-at-desk")),
    ):
        yield name, visit.Visit(visit.Maintaining(at))


def samples(words: Words, *, large: bool = False) -> Iterator[tuple[str, View, Chrome]]:
    """(name, view, chrome) of every screen in one language; ``large``: as who asked for large type sees them."""
    around = Surroundings(words, datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE, _TABLE, simulated=True)
    for name, each in visits():
        now = replace(each, comfort=replace(each.comfort, large=large))
        view = present(now, around)
        yield name, view, chrome(now, view, around)
