"""The console's pages of gates: one slip at the property desk, a code for a day, a question for passes, where gates
stand, and whose rights a flat has."""

import re
from datetime import timedelta

import pytest

from backend_client.contract.devices import Heartbeat
from backend_client.contract.gates import Pass, Passes, PassesAskedOf
from backend_client.contract.tenancies import WayKind
from backend_client.pass_seals import seal_passes
from records.console.routes.approvals import DO
from records.context import Records
from records.rules.roles import Role
from records.services import approvals
from records.services.gates import watching
from records.store import gate_doors
from tests.support import at_gates
from tests.support.at_gates import LAST, TODAY, give, new_card, take
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page, hire
from tests.support.hidden import hide
from tests.support.records_client import DENG, LAN, WIFE, KioskClient
from tests.support.security import signed_in

SLIPS, CODE, PASSES, GATES = "/console/slips", "/console/slips/code", "/console/passes", "/console/gates"
TICKET = "JQ-2026-0311"
REASON = "取物，台账 2026-031"
OPENED = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>这张流程单 · 平安灯 · 民警工作台</title>
<link rel="stylesheet" href="/console/static/console.css">
<link rel="icon" href="/console/static/lamp.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<header>
<div class="bar">
<p class="product"><img src="/console/static/lamp.svg" alt="" width="28" height="28"> 平安灯 · 民警工作台</p>
<p class="officer">wuye property_desk <span class="muted">物业服务台</span></p>
<div class="bar">
<form method="post" action="/console/language">
<input type="hidden" name="form_token" value="TOKEN">
<input type="hidden" name="back" value="/console/slips">
<button class="quiet" name="language" value="en" lang="en">English</button>
</form>
<form method="post" action="/console/sign-out">
<input type="hidden" name="form_token" value="TOKEN">
<button class="quiet">退出登录</button>
</form>
</div>
</div>
<nav aria-label="主菜单">
<details>
<summary>菜单</summary>
<ul><li><a href="/console/slips" aria-current="page">流程单</a></li>
<li><a href="/console/password">密码</a></li>
</ul>
</details>
<ul class="places"><li><a href="/console/slips" aria-current="page">流程单</a></li>
<li><a href="/console/password">密码</a></li>
</ul>
</nav>
</header>
<main id="main" tabindex="-1">
<h1>这张流程单</h1>
<dl class="claim">
<div><dt>编号</dt><dd>NUMBER</dd></div>
<div><dt>房号</dt><dd>5-1-602</dd></div>
<div><dt>有效至</dt><dd>2026-11-30</dd></div>
<div><dt>通行方式</dt><dd>门禁卡（芯片验证）、流程单</dd></div>
</dl>
<p><a class="button next" href="/console/slips">下一张</a></p>
</main>
</body>
</html>"""


@pytest.fixture
def property_desk(records: Records, clock: StillClock) -> Browser:
    return signed_in(records, clock, hire(records, "wuye", Role.PROPERTY_DESK))


def _slip(records: Records, right_id: str) -> str:
    kiosk = KioskClient(records)
    answer = kiosk.post(f"/v1/identifications/{kiosk.prove()}/slip", {"right": right_id})
    return str(answer.json()["number"])


def _plain(page: Page, number: str) -> str:
    """All of an answer, but for what is random in it."""
    lines = (line.strip() for line in page.answer.text.replace(number, "NUMBER").splitlines())
    return re.sub(r'value="[0-9a-f]{64}"', 'value="TOKEN"', "\n".join(filter(None, lines)))


def test_the_property_desk_sees_four_things_and_nothing_else(records: Records, property_desk: Browser) -> None:
    """The whole of the answer: number, flat, last day, ways. Its address shows the field again."""
    right = give(records)
    take(records, right, card=new_card())
    number = _slip(records, right.right_id)
    assert property_desk.get("/console/").path == SLIPS
    page = property_desk.send(SLIPS, slip=number)
    assert _plain(page, number) == OPENED
    assert number not in property_desk.get(SLIPS).answer.text
    assert [form.action for form in property_desk.get(SLIPS).forms if form.action.startswith(SLIPS)] == [SLIPS]


def test_a_slip_that_is_none_is_told_as_that_and_guessing_waits(property_desk: Browser) -> None:
    property_desk.get(SLIPS)
    page = property_desk.send(SLIPS, slip="ABCD-EFGH")
    assert (page.status, "没有这张流程单" in page.text) == (404, True)
    assert "ABCD-EFGH" not in page.answer.text
    for guess in range(6):
        page = property_desk.send(SLIPS, slip=f"ABCD-EF2{guess + 2}") if page.status == 404 else page
    assert page.status == 429
    assert page.answer.headers["Retry-After"]


def test_a_code_for_today_is_shown_once_for_a_reason_and_after_the_right(
    records: Records, property_desk: Browser
) -> None:
    right = give(records)
    number = _slip(records, right.right_id)
    property_desk.get(CODE)
    assert property_desk.send(CODE, slip=number, reason="忘带卡").status == 422
    refused = property_desk.send(CODE, slip=number, reason=REASON)
    assert (refused.status, "不能按这张单开当日码" in refused.text) == (422, True)
    assert refused.form(CODE).fields["reason"] == REASON
    at_gates.change(records, right, ended_at=records.clock.now(), ended_why="departure")
    page = property_desk.send(CODE, slip=number, reason=REASON)
    assert re.search(r"\b\d{4} \d{4}\b", page.text)
    assert f"只在 {TODAY} 有效" in page.text
    assert not re.search(r"\b\d{4} \d{4}\b", property_desk.get(CODE).text)


def _agree(records: Records, clock: StillClock) -> None:
    """A second account does."""
    second = at_gates.session(records, clock, "li")
    (row,) = approvals.list_open(records, second)
    _, proof = approvals.read(records, second, row.approval_id, DENG.id_number)
    approvals.approve(records, second, row.approval_id, DO, proof)


def test_passes_are_asked_by_a_slip_agreed_to_and_read_once(records: Records, clock: StillClock, desk: Browser) -> None:
    gate, right = at_gates.at_unit(records), give(records)
    number = _slip(records, right.right_id)
    desk.get(PASSES)
    asked = {"slip": number, "purpose": "case-handling", "ticket": TICKET, "since": "2026-11-20"}
    assert "时间段最长三十天" in desk.send(PASSES, **asked, until="2026-11").text
    assert desk.send(PASSES, **asked, until="2026-12-09").status == 422
    returned = desk.page
    assert returned is not None
    assert (returned.form(PASSES).fields["ticket"], number in returned.answer.text) == (TICKET, False)
    assert desk.send(PASSES, **asked, until=TODAY.isoformat()).path == "/console/approvals"
    _agree(records, clock)
    page = desk.get(PASSES)
    assert "1 处门禁，已答复 0 处" in page.text
    (told,) = [PassesAskedOf.model_validate(each) for each in gate.get("/v1/gates/self/passes-asked").json()["asks"]]
    at = records.clock.now() - timedelta(hours=5)
    sealed = seal_passes(Passes(passes=(Pass(door=gate.device_id, at=at, kind=WayKind.CARD),)), told)
    assert gate.post(f"/v1/gates/self/passes/{told.ask}", sealed.model_dump()).status_code == 204
    desk.get(PASSES)
    page = desk.send(f"{PASSES}/{told.ask}")
    assert "5幢1单元门 · 门禁卡（芯片验证）" in page.text
    assert DENG.name not in page.text
    over = desk.get(PASSES)
    assert "已经看过" in over.text
    assert [form for form in over.forms if form.action == f"{PASSES}/{told.ask}"] == []


def test_of_a_person_whose_page_is_open_no_number_is_typed_again(records: Records, desk: Browser) -> None:
    """Where the purpose opens it; a span that won't do comes back with its form."""
    give(records)
    asked = {"number": DENG.id_number, "ticket": TICKET}
    desk.get("/console/persons")
    page = desk.send("/console/persons", **asked, purpose="rental-inspection")
    assert [form for form in page.forms if form.action == f"{PASSES}/person"] == []
    desk.get("/console/persons")
    desk.send("/console/persons", **asked, purpose="case-handling")
    page = desk.send(f"{PASSES}/person", since="2026-09-01", until=TODAY.isoformat())
    assert (page.status, page.form(f"{PASSES}/person").fields["since"]) == (422, "2026-09-01")
    page = desk.send(f"{PASSES}/person", since="2026-11-20", until=TODAY.isoformat())
    assert (page.path, "查询一个人的门禁通行记录" in page.text) == ("/console/approvals", True)
    desk.get("/console/persons")
    desk.send("/console/persons", **asked, purpose="case-handling")
    assert desk.send(f"{PASSES}/person", handle="made up", since="2026-11-20", until="2026-11-21").status == 422


def test_an_administrator_says_where_a_gate_stands_and_sees_what_it_holds(records: Records, clock: StillClock) -> None:
    """By counts: nobody is on the page. A gate that nobody has placed says so, and a unit must be there."""
    gate, right = at_gates.at_unit(records, "6"), give(records)
    take(records, right, card=new_card())
    admin = signed_in(records, clock, hire(records, "wang", Role.ADMINISTRATOR))
    here = f"{GATES}/{gate.device_id}"
    assert "应有的通行权 0" in admin.get(GATES).text
    form = admin.get(here).form(here)
    assert (form.fields["building"], form.fields["unit"]) == ("6", "1")
    assert "本小区有的楼栋" in admin.send(here, kind="unit", building="99", unit="1", face="no").text
    assert admin.send(here, kind="", face="no").status == 422
    assert admin.send(here, kind="unit", building="5", unit="1", face="yes").path == GATES
    beat = Heartbeat(at=records.clock.now(), software="x", policy_version=1, open_papers=0, grants=1)
    assert gate.post("/v1/devices/self/heartbeat", beat.model_dump(mode="json")).status_code == 200
    page = admin.get(GATES)
    for said in ("5幢1单元门", "可以提供", "应有的通行权 1", "门禁自己所报 1"):
        assert said in page.text
    assert DENG.name[0] not in page.text.replace("平安灯", "")
    with records.database.reading() as transaction:
        door = gate_doors.of_device(transaction, gate.device_id)
    assert door is not None
    assert door.face
    technician = signed_in(records, clock, hire(records, "qian", Role.TECHNICIAN))
    assert [tag for tag, told in technician.get(GATES).tags if told.get("href") == here] == []
    assert watching.find(records, at_gates.session(records, clock, "sun", Role.TECHNICIAN), "kiosk-0001") is None


def test_a_flat_shows_its_rights_and_days_masked_and_of_nobody_hidden(records: Records, desk: Browser) -> None:
    """For a purpose and a ticket; who has a right there hears of it, whether they declared to live there or not."""
    right = give(records)
    give(records, LAN, ends_on=None)
    give(records, WIFE)
    hide(records, WIFE)
    path = f"/console/flats/{right.dwelling_id}"
    assert "住房的居住权利" not in desk.get(path).text
    page = desk.send(path, purpose="rental-inspection", ticket=TICKET)
    assert f"张** · 承租人 · 有效 {TODAY} 至 {LAST}" in page.text
    assert f"{TODAY} 至 不限期" in page.text
    assert page.text.count("承租人") == 2
    assert DENG.name not in page.answer.text
    kiosk = KioskClient(records)
    told = kiosk.get(f"/v1/identifications/{kiosk.prove()}/messages").json()["messages"]
    assert [(each["kind"], each["ticket"]) for each in told] == [("read", TICKET)]
