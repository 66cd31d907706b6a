"""The page of devices: how they are, in words; who is let in after a comparison; who is put out, and what that does."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.devices import DeviceKind, Enrolled, EnrolmentPending, EnrolmentRequest
from records.console import texts
from records.context import Records
from records.errors import RefusedError
from records.rules.roles import Right, Role, may
from records.services import enrolment
from records.store import alerts, audit
from records.store.alerts import AlertKind, Raise
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page, hire
from tests.support.records_client import KioskClient, csr

PATHS = ("/console/devices", "/console/devices/new", "/console/devices/waiting/x", "/console/devices/kiosk-0001/revoke")
REASON = "工单 2026-118：机器被搬走"


@pytest.fixture
def kiosk_comes_first() -> bool:
    """Return that the administrator is there before it: its certificate is counted in days from now."""
    return False


@pytest.fixture
def admin(records: Records, clock: StillClock) -> Browser:
    """An administrator's browser."""
    browser = Browser(records, clock)
    browser.sign_in(hire(records, "lin", Role.ADMINISTRATOR))
    return browser


def _ask(records: Records, name: str = "东门") -> tuple[EnrolmentRequest, str]:
    """A machine asks to be let in: its request, and the fingerprint that it shows."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, name)
    key = ec.generate_private_key(ec.SECP256R1())
    request = EnrolmentRequest(code=code, kind=DeviceKind.KIOSK, csr_pem=csr(key))
    told = enrolment.enrol(records, request)
    assert isinstance(told, EnrolmentPending)
    return request, told.fingerprint


def _beat(kiosk: KioskClient, **changes: object) -> None:
    beat = {"at": kiosk.clock.now().isoformat(), "software": "lamplight 0.1", "policy_version": 1, "open_papers": 2}
    assert kiosk.post("/v1/devices/self/heartbeat", {**beat, **changes}).status_code == 200


def _deeds(records: Records) -> list[str]:
    with records.database.reading() as transaction:
        return [str(row["action"]) for row in audit.latest(transaction, 5)]


def _sound(page: Page) -> None:
    """Whole, headed by one title, every field with a name, nothing that runs."""
    assert page.open == []
    assert [level for level, _ in page.headings][:1] == ["h1"]
    ids = [told["id"] for _, told in page.tags if "id" in told]
    assert len(ids) == len(set(ids))
    for tag, told in page.tags:
        assert tag != "style"
        assert tag != "script" or told["src"] == "/console/static/live.js"
        assert not [name for name in told if name.startswith("on") or name == "style"]
        if tag == "input" and told.get("type") != "hidden":
            assert page.labels[told["id"] or ""]


def test_a_machine_is_let_in_by_who_has_compared_its_fingerprint(records: Records, admin: Browser) -> None:
    """Without the comparison it goes on waiting; with it, its next question is answered."""
    request, shown = _ask(records)
    page = admin.get("/console/devices")
    assert shown in page.text
    assert "等候准入" in page.text
    page = admin.get(f"/console/devices/waiting/{shown}")
    refused = admin.send(f"/console/devices/waiting/{shown}/admit", compared="")
    assert (refused.status, "请先核对指纹" in refused.text) == (422, True)
    page = admin.send(f"/console/devices/waiting/{shown}/admit", compared="yes")
    assert page.path == "/console/devices"
    assert "还没有开始工作" in page.text
    answer = enrolment.enrol(records, request)
    assert isinstance(answer, Enrolled)
    assert _deeds(records)[-1] == "device-enrolled"


def test_a_machine_is_sent_away(records: Records, admin: Browser) -> None:
    request, shown = _ask(records)
    admin.get(f"/console/devices/waiting/{shown}")
    assert shown not in admin.send(f"/console/devices/waiting/{shown}/refuse").text
    with pytest.raises(RefusedError, match="enrolment-code-invalid"):
        enrolment.enrol(records, request)
    assert admin.get(f"/console/devices/waiting/{shown}").status == 404


def test_a_new_code_is_shown_once_and_stands_in_no_address(records: Records, admin: Browser) -> None:
    """In the answer to the form; going back shows the form again."""
    admin.get("/console/devices/new")
    unfit = admin.send("/console/devices/new", kind="toaster", name="东门")
    assert (unfit.status, "请选择种类" in unfit.text) == (422, True)
    assert admin.send("/console/devices/new", kind="kiosk", name="  ").status == 422
    page = admin.send("/console/devices/new", kind="kiosk", name="东门 值班室")
    code = next(word for word in page.words if len(word) == 11 and word[5] == "-")
    assert page.path == "/console/devices/new"
    assert code not in admin.get("/console/devices/new").text
    key = ec.generate_private_key(ec.SECP256R1())
    told = enrolment.enrol(records, EnrolmentRequest(code=code, kind=DeviceKind.KIOSK, csr_pem=csr(key)))
    assert isinstance(told, EnrolmentPending)
    assert [each.name for each in enrolment.waiting(records)] == ["东门 值班室"]


def test_a_device_is_put_out_for_a_reason(records: Records, admin: Browser, kiosk: KioskClient) -> None:
    """The page says first what it does; then every request is refused, and the list says since when and why."""
    page = admin.get("/console/devices/kiosk-0001/revoke")
    assert "下一次请求就会被拒绝" in page.text
    assert admin.send("/console/devices/kiosk-0001/revoke", reason="no number").status == 422
    assert kiosk.get("/v1/policy").status_code == 200
    page = admin.send("/console/devices/kiosk-0001/revoke", reason=REASON)
    assert kiosk.get("/v1/policy").json()["code"] == "device-revoked"
    assert "已停用" in page.text
    assert REASON in page.text
    assert admin.get("/console/devices/kiosk-0001/revoke").status == 404
    assert "device-revoked" in _deeds(records)


def test_each_state_has_its_words(admin: Browser, kiosk: KioskClient, clock: StillClock) -> None:
    """From never heard to in service, out of service with its reason, and not heard after three missed heartbeats."""
    assert "还没有开始工作" in admin.get("/console/devices").text
    outbox = {"waiting": 3, "aside": 1, "oldest_at": "2026-11-20T01:00:00Z"}
    _beat(kiosk, devices={"page_printer": "paper-out"}, outbox=outbox)
    page = admin.get("/console/devices")
    assert "正常服务" in page.text
    for said in (
        "打印机",
        "paper-out",
        "3 件，另有 1 件被退回",
        "最早一件 2026-11-20 09:00",
        "还有 90 天",
        "lamplight 0.1",
    ):
        assert said in page.text, said
    _beat(kiosk, out_of_service="repair")
    assert "暂停服务：机器需要修理" in admin.get("/console/devices").text.replace(" ：", "：")
    _beat(kiosk, out_of_service="of-a-newer-release")
    assert "of-a-newer-release" in admin.get("/console/devices").text
    clock.pass_by(30)
    assert "暂停服务" in admin.get("/console/devices").text
    clock.pass_by(1)
    assert "失联" in admin.get("/console/devices").text


def test_a_forked_audit_and_an_ending_certificate_stand_on_the_page(
    admin: Browser, kiosk: KioskClient, clock: StillClock
) -> None:
    """For the technician too, who sees no alerts."""
    _beat(kiosk, audit_rows=5, audit_head="5" * 64)
    forked = {"at": clock.now().isoformat(), "software": "x", "policy_version": 1, "open_papers": 0}
    kiosk.post("/v1/devices/self/heartbeat", {**forked, "audit_rows": 5, "audit_head": "6" * 64})
    assert "与以前报来的不一致" in admin.get("/console/devices").text
    assert "证书七天内到期" not in admin.get("/console/devices").text
    clock.pass_by(84 * 24 * 3600)
    admin.get("/console/")
    admin.sign_in(hire(admin.records, "mei", Role.ADMINISTRATOR))
    assert "证书七天内到期" in admin.get("/console/devices").text
    assert "与以前报来的不一致" not in admin.get("/console/devices").text  # after a month


@pytest.mark.parametrize("role", Role)
def test_who_may_see_devices_and_who_may_let_them_in(
    records: Records, clock: StillClock, kiosk: KioskClient, role: Role
) -> None:
    """A technician sees; an administrator lets in and puts out; to others the pages are closed, link and form too."""
    assert kiosk.device_id == "kiosk-0001"
    browser = Browser(records, clock)
    home = browser.sign_in(hire(records, "wang", role))
    linked = {told.get("href") for tag, told in home.tags if tag == "a"}
    assert ("/console/devices" in linked) is may(role, Right.DEVICES)
    assert (browser.get(PATHS[0]).status == 200) is may(role, Right.DEVICES)
    for path in PATHS[1:]:
        assert (browser.get(path).status == 403) is not may(role, Right.ADMISSION), path
    cookie = browser.http.cookies["__Host-lamplight-console"]
    for action in (PATHS[1], f"{PATHS[2]}/admit", f"{PATHS[2]}/refuse", PATHS[3]):
        token = records.keyed_hash("console-form", cookie, action)
        answer = browser.http.post(action, data={"form_token": token, "reason": "no"})
        assert (answer.status_code == 403) is not may(role, Right.ADMISSION), action


def test_every_page_is_whole_in_both_languages(records: Records, admin: Browser, kiosk: KioskClient) -> None:
    _beat(kiosk)
    _, shown = _ask(records, "<b>gate</b>")
    for language in texts.LANGUAGES:
        admin.http.cookies.set("__Host-lamplight-language", language, domain="records.local")
        for path in ("", "/new", f"/waiting/{shown}", "/kiosk-0001/revoke"):
            page = admin.get(f"/console/devices{path}")
            assert page.status == 200
            assert "<b>gate" not in page.answer.text
            _sound(page)
        _sound(admin.send("/console/devices/kiosk-0001/revoke", reason=""))
        admin.get("/console/devices/new")
        _sound(admin.send("/console/devices/new", kind="gate", name="x"))


@pytest.mark.parametrize("kind", AlertKind)
def test_every_alert_is_told_in_words(records: Records, admin: Browser, kiosk: KioskClient, kind: AlertKind) -> None:
    """What happened, and what to do; of which machine, where it is one."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        alerts.note(transaction, Raise(kind, now.date(), 1, now, device_id=kiosk.device_id))
        alerts.note(transaction, Raise(kind, now.date(), 1, now))
    page = admin.get("/console/alerts")
    assert page.text.count(texts.words("zh")(f"alerts.kind.{kind.value}")) == 2
    assert "自助机：here" in page.text
