"""The screens of checking a paper, with synthetic content."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from kiosk.flows import check_paper as flow

_LIST = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
_FACTS = (
    flow.Fact((("zh", "姓名"), ("en", "Name")), "张明灯"),
    flow.Fact((("zh", "公民身份号码"), ("en", "Citizen ID number")), "9901**********0019"),
    flow.Fact((("zh", "性别"), ("en", "Sex")), "男"),
    flow.Fact((("zh", "出生日期"), ("en", "Date of birth")), "1986年3月14日"),
    flow.Fact((("zh", "用途"), ("en", "Purpose")), "办理户口迁移（跨省）"),
    flow.Fact((("zh", "编号"), ("en", "Serial")), "2026-0001-000042-53"),
    flow.Fact((("zh", "有效期至"), ("en", "Valid until")), "2026年12月21日"),
)


_WITH_FACTS = (flow.Standing.COMPARE, flow.Standing.NOT_YET, flow.Standing.VOID, flow.Standing.EXPIRED)
_KINDS = ("household_certificate", "temporary_id_proof", "no_criminal_record", "residence_receipt", "later_receipt")


def findings() -> Iterator[tuple[str, flow.Finding]]:
    """Every standing and every kind, and what may stand beside it."""
    for standing in flow.Standing:
        shown = standing in _WITH_FACTS
        yield f"check-{standing}", flow.Finding(standing, _KINDS[0] if shown else "", _FACTS if shown else ())
    genuine = flow.Standing.COMPARE
    for kind in _KINDS[1:]:
        yield f"check-{kind}", flow.Finding(genuine, kind, _FACTS)
    yield "check-offline", flow.Finding(genuine, _KINDS[0], _FACTS, specimen=True, as_of=_LIST)
    yield "check-offline-void", flow.Finding(flow.Standing.VOID, _KINDS[0], _FACTS, as_of=_LIST)
    yield "check-offline-unlisted", flow.Finding(flow.Standing.NOT_KNOWN, as_of=_LIST)
    yield "check-offline-old", flow.Finding(genuine, _KINDS[0], _FACTS, as_of=_LIST - timedelta(days=14), old=True)


def checks() -> Iterator[tuple[str, flow.Here]]:
    """(name, state) of every screen."""
    yield "check-show", flow.ShowingPaper()
    yield "check-asking", flow.AskingAboutIt()
    yield "check-no-camera", flow.NoCamera()
    for name, finding in findings():
        yield name, flow.Told(finding)
