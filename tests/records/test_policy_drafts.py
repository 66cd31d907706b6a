"""Rules changed at the console: a draft, what it would change, a second account's signature, and then a version."""

import base64
import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend_client.contract.policy import Policy
from records.cli import main
from records.console import paths
from records.context import Records
from records.rules import policy_fields
from records.rules.roles import Role
from records.sections import PolicySettings
from records.services import officers, policy, policy_alerts, policy_samples, sessions
from records.services import policy_editing as editing
from records.services import policy_signing as signing
from records.services.refusals import DraftRefusedError
from records.services.sessions import Attempt, Session
from records.store import alerts, audit, policies, policy_drafts
from records.store.alerts import AlertKind
from records.store.tables import keeping
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser, Page, hire
from tests.support.records_client import DENG, KioskClient
from tests.support.records_server import BOTH
from tests.support.security import signed_in

A_DAY = 24 * 3600
RULES = policy.read_rules(policy.DEFAULT_FILE).model_dump(mode="json")
PURPOSES = "purposes.household_certificate"


@dataclass
class Desk:
    """Two administrators, as services know them."""

    records: Records
    one: Session
    two: Session

    def draft(self, *, session: Session | None = None) -> editing.Draft:
        """A draft of one account."""
        return self.found(editing.begin(self.records, session or self.one))

    def found(self, draft_id: str) -> editing.Draft:
        """As it stands now."""
        draft = editing.find(self.records, self.one, draft_id)
        assert draft is not None
        return draft

    def changed(self, key: str, session: Session | None = None, /, **form: str) -> editing.Draft:
        """A draft with a subject's form filled in and put into it."""
        draft = self.draft(session=session)
        subject = editing.subject_of(draft, key)
        assert subject is not None
        filled = {**policy_fields.filled(subject, draft.new), **form}
        _, wrong = editing.save(self.records, session or self.one, draft, subject, filled)
        assert wrong == {}
        return self.found(draft.row.draft_id)

    def asked(self, key: str = "desk", session: Session | None = None, /, **form: str) -> editing.Draft:
        """The same, sent on for the second signature."""
        draft = self.changed(key, session, **(form or {"phone": "0000-00000111"}))
        signing.ask(self.records, session or self.one, draft)
        return self.found(draft.row.draft_id)


@pytest.fixture
def records(records: Records) -> Records:
    """Records whose settings name no file of rules."""
    return replace(records, settings=records.settings.model_copy(update={"policy": PolicySettings()}))


def _session(records: Records, clock: StillClock, account: Account) -> Session:
    token = sessions.sign_in(records, Attempt(account.name, account.password, account.code(clock), "10.0.0.7"))
    session = sessions.resume(records, token)
    assert session is not None
    return session


@pytest.fixture
def desk(records: Records, clock: StillClock) -> Desk:
    one, two = (hire(records, name, Role.ADMINISTRATOR) for name in ("lin", "qian"))
    return Desk(records, _session(records, clock, one), _session(records, clock, two))


def _refused(step: object) -> str:
    with pytest.raises(DraftRefusedError) as refused:
        step()  # type: ignore[operator] # a lambda
    return refused.value.detail


def _deeds(records: Records, count: int = 12) -> list[str]:
    with records.database.reading() as transaction:
        return [str(row["action"]) for row in audit.latest(transaction, count) if "policy" in str(row["action"])]


# --- a draft's life ---


@pytest.mark.parametrize("kind", BOTH)
def test_two_accounts_make_a_version_and_one_does_not(desk: Desk, kiosk: KioskClient) -> None:
    """A purpose is added and another taken out; a kiosk hears of it and is held to it at once."""
    before = kiosk.get("/v1/changes/snapshot").json()
    form = {"0.remove": "yes", "8.id": "visa", "8.title.zh": "办理签证", "8.title.en": "A visa"}
    draft = desk.asked(PURPOSES, **form)
    assert _refused(lambda: signing.sign(desk.records, desk.one, draft, draft.row.revision)) == "same"
    assert signing.sign(desk.records, desk.two, draft, draft.row.revision) == 2
    bundle = Policy.model_validate_json(base64.b64decode(kiosk.get("/v1/policy").json()["payload"]))
    ids = [each.id for each in bundle.papers[0].purposes]
    assert (bundle.version, ids[-1], "move_hukou" in ids) == (2, "visa", False)
    page = kiosk.get(f"/v1/changes?cursor={json.loads(base64.b64decode(before['payload']))['cursor']}")
    assert [(each["topic"], each["ref"]) for each in page.json()["items"]] == [("policy", "2")]
    subject = kiosk.prove(DENG, "visit-0001")
    assert kiosk.reserve(subject, purpose="move_hukou").json()["code"] == "purpose-not-offered"
    assert _deeds(desk.records)[-4:] == ["policy-edited", "policy-asked", "policy-issued", "policy-signed"]


def test_what_was_signed_stays_the_rules(desk: Desk, clock: StillClock) -> None:
    """Half way through its life it is renewed as it is; nobody goes back to the rules that came with the service."""
    draft = desk.asked()
    signing.sign(desk.records, desk.two, draft, draft.row.revision)
    assert policy.issue(desk.records).version == 2
    clock.pass_by(46 * A_DAY)
    renewed = policy.opened(policy.current(desk.records))
    assert (renewed.version, renewed.desk.phone) == (3, "0000-00000111")


@pytest.mark.parametrize("version_too", [False, True])
def test_rules_that_a_later_release_cant_read_are_redone_here(
    desk: Desk, clock: StillClock, *, version_too: bool
) -> None:
    """Although they have ended: from the last version's own, or from those that come with the service."""
    first = desk.asked()
    signing.sign(desk.records, desk.two, first, first.row.revision)
    with desk.records.database.writing() as transaction:
        signed = {**json.loads(first.row.rules), "once": 1}
        transaction.connection.execute(sa.update(keeping.policy_drafts).values(rules=json.dumps(signed)))
        if version_too:
            transaction.connection.execute(sa.update(keeping.policies).values(payload=b"{}"))
    clock.pass_by(400 * A_DAY)
    assert editing.overview(desk.records, desk.one).version.version == 2
    again = desk.asked("timeouts", idle="90")
    assert signing.sign(desk.records, desk.two, again, again.row.revision) == 3
    renewed = policy.opened(policy.current(desk.records))
    phone = RULES["desk"]["phone"] if version_too else "0000-00000111"
    assert (renewed.version, renewed.timeouts.idle, renewed.desk.phone) == (3, 90, phone)


def test_the_later_of_two_drafts_is_redone_on_top_of_the_first(desk: Desk, clock: StillClock) -> None:
    """A version that only renews the rules is no change: a draft outlives it."""
    first, second = desk.asked(), desk.asked("timeouts", desk.two, idle="90")
    assert [each.row.based_on for each in (first, second)] == [1, 1]
    signing.sign(desk.records, desk.two, first, first.row.revision)
    assert desk.found(second.row.draft_id).outdated
    assert _refused(lambda: signing.sign(desk.records, desk.one, second, second.row.revision)) == "based"
    third = desk.asked("timeouts", idle="90")
    with desk.records.database.writing() as transaction:
        rules = policy.fit(policy.rules_of(policy.opened(policy.current(desk.records))))[0]
        assert rules is not None
        assert policy.issue_in(desk.records, transaction, rules).version == 3
    clock.pass_by(A_DAY)
    assert signing.sign(desk.records, desk.two, third, third.row.revision) == 4


def test_who_signs_has_seen_what_is_signed(desk: Desk) -> None:
    """Taken back and changed meanwhile: the signature was for something else."""
    draft = desk.asked()
    signing.take_back(desk.records, desk.one, draft)
    signing.ask(desk.records, desk.one, desk.changed("desk", phone="0000-00000999"))
    now = desk.found(draft.row.draft_id)
    assert _refused(lambda: signing.sign(desk.records, desk.two, now, draft.row.revision)) == "changed"
    assert signing.sign(desk.records, desk.two, now, now.row.revision) == 2


def test_a_draft_is_its_authors_and_nothing_else_than_asked(desk: Desk, clock: StillClock) -> None:
    """Not another's to change; not changed while it waits; not sent on without a change; over after a week."""
    fresh = desk.changed("timeouts")
    assert _refused(lambda: signing.ask(desk.records, desk.one, fresh)) == "nothing"
    assert _refused(lambda: signing.give_up(desk.records, desk.two, fresh)) == "own"
    assert _refused(lambda: signing.sign(desk.records, desk.two, fresh, fresh.row.revision)) == "changed"
    assert editing.begin(desk.records, desk.one) == fresh.row.draft_id
    asked = desk.asked()
    assert _refused(lambda: editing.replace(desk.records, desk.one, asked, RULES)) == "changed"
    signing.refuse(desk.records, desk.two, asked, asked.row.revision, "工单 2026-7：电话不对")
    assert editing.find(desk.records, desk.one, asked.row.draft_id) is None
    long = json.loads(json.dumps(RULES))
    long["papers"][0]["wording"]["statement"]["zh"] = "长" * 3000
    rules, _ = policy.fit(long)
    assert rules is not None
    unfit = desk.found(editing.begin_with(desk.records, rules))
    assert _refused(lambda: signing.sign(desk.records, desk.two, unfit, 1)) == "unfit"
    other = desk.draft()
    clock.pass_by(7 * A_DAY)
    assert editing.find(desk.records, desk.one, other.row.draft_id) is None
    assert _refused(lambda: signing.give_up(desk.records, desk.one, other)) == "over"
    assert policy.current(desk.records).version == 1


def test_the_draft_of_who_was_put_out_becomes_no_rules(desk: Desk) -> None:
    """Neither what waited when they went, nor what slipped in beside."""
    draft = desk.asked()
    officers.disable(desk.records, "lin")
    assert editing.overview(desk.records, desk.two).drafts == ()
    with desk.records.database.writing() as transaction:
        policy_drafts.add(transaction, replace(draft.row, draft_id="beside"))
    beside = desk.found("beside")
    assert _refused(lambda: signing.sign(desk.records, desk.two, beside, beside.row.revision)) == "over"
    assert policy.current(desk.records).version == 1


def test_where_a_file_has_the_rules_nothing_is_changed_here(desk: Desk) -> None:
    """The page only shows them."""
    draft = desk.asked()
    settings = desk.records.settings.model_copy(update={"policy": PolicySettings(file="rules.toml")})
    by_file = replace(desk.records, settings=settings)
    (by_file.folder / "rules.toml").write_text(policy.DEFAULT_FILE.read_text("utf-8"), "utf-8")
    assert _refused(lambda: editing.begin(by_file, desk.one)) == "file"
    assert _refused(lambda: signing.sign(by_file, desk.two, draft, draft.row.revision)) == "file"
    assert editing.overview(by_file, desk.one).file == "rules.toml"


def test_an_end_that_comes_near_is_an_alert_once_a_day(desk: Desk, records: Records, clock: StillClock) -> None:
    """Records renew by themselves; when they can't, somebody hears of it two weeks before kiosks close. The page is
    still there when it is too late."""
    settings = records.settings.model_copy(update={"policy": PolicySettings(file="rules.toml")})
    by_file = replace(records, settings=settings)
    (by_file.folder / "rules.toml").write_text("[community", "utf-8")
    raised = []
    for days in (60, 15, 2, 0, 20):
        clock.pass_by(days * A_DAY)
        policy_alerts.look(by_file)
        with records.database.reading() as transaction:
            raised.append([each.kind for each in alerts.list_open(transaction)])
    ending = AlertKind.POLICY_ENDING
    assert raised == [[], [], [ending], [ending], [ending, ending]]
    assert editing.overview(by_file, desk.one).version.expires_at < clock.now()


def test_a_sample_of_each_paper_is_marked_and_differs_where_the_rules_do() -> None:
    """Neither seal nor code; words that no paper has room for are no rules to be signed."""
    rules, _ = policy.fit(RULES)
    changed = json.loads(json.dumps(RULES))
    changed["papers"][2]["later"]["bring"]["zh"] = "本回执"
    other, _ = policy.fit(changed)
    assert rules is not None
    assert other is not None
    assert {each.value for each in policy_samples.differ(rules, other)} == {"later_receipt"}
    made = policy_samples.papers(rules)
    assert {each.value for each in made} == {each["kind"] for each in RULES["papers"]} | {"later_receipt"}
    assert all(paper.specimen for paper, _ in made.values())
    assert policy_samples.unprintable(rules) == ()
    changed["papers"][0]["wording"]["statement"]["zh"] = "长" * 3000
    long, _ = policy.fit(changed)
    assert long is not None
    assert [each.code for each in policy_samples.unprintable(long)] == ["too_long"]


# --- the command line ---


def test_the_command_line_puts_a_file_up_for_a_signature(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It signs nothing; where the settings name a file, that is said."""
    monkeypatch.setattr("records.cli.SystemClock", StillClock)
    candidate = tmp_path / "candidate.toml"
    candidate.write_text(policy.DEFAULT_FILE.read_text("utf-8").replace("idle = 60", "idle = 90"), "utf-8")
    assert main(["--data", str(folder), "policy", "import", str(candidate)]) == 1
    assert "[policy] file" in capsys.readouterr().err
    settings = folder / "records.toml"
    settings.write_text(settings.read_text("utf-8").replace('file = "rules.toml"', 'file = ""'), "utf-8")
    assert main(["--data", str(folder), "policy", "import", str(candidate)]) == 0
    assert "second signature" in capsys.readouterr().out
    assert main(["--data", str(folder), "policy", "import", str(folder / "rules.toml")]) == 0
    assert "changes nothing" in capsys.readouterr().out
    assert main(["--data", str(folder), "policy", "show"]) == 0
    assert "Version 1" in capsys.readouterr().out


# --- the pages ---


@pytest.fixture
def pages(records: Records, clock: StillClock) -> tuple[Browser, Browser]:
    """Two administrators' browsers."""
    one, two = (signed_in(records, clock, hire(records, name, Role.ADMINISTRATOR)) for name in ("lin", "qian"))
    return one, two


def _whole(page: Page) -> Page:
    assert page.open == []
    assert [level for level, _ in page.headings][:1] == ["h1"]
    for tag, told in page.tags:
        if tag in {"input", "textarea", "select"} and told.get("type") != "hidden":
            assert page.labels[told["id"] or ""]
    return page


def test_rules_are_changed_looked_at_and_signed_on_the_pages(pages: tuple[Browser, Browser]) -> None:
    """A slip is said beside its field and keeps what was typed; both accounts see the same change in both languages."""
    one, two = pages
    _whole(one.get(paths.POLICY))
    draft = _whole(one.send(paths.POLICY_DRAFTS))
    edit = f"{draft.path}/edit/{PURPOSES}"
    _whole(one.get(edit))
    wrong = _whole(one.send(edit, **{"0.title.en": "", "0.title.zh": "迁户口", "8.id": "visa"}))
    assert (wrong.status, wrong.text.count("没有填。")) == (422, 3)
    assert wrong.form(edit).fields["0.title.zh"] == "迁户口"
    assert '<a href="#f-0-title-en">户籍证明 · 用途 · 迁户口 · 名称 (英文)</a>' in wrong.answer.text
    assert wrong.answer.text.count(">存入草稿<") == wrong.answer.text.count("<fieldset>") > 1
    right = {"0.title.en": "Moving", "8.title.zh": "办理签证", "8.title.en": "A visa", "0.remove": "", "8.remove": ""}
    shown = _whole(one.send(edit, **right))
    assert shown.path == draft.path
    for said in ("迁移户口（迁往外省）", "迁户口", "Moving my registration", "Moving", "办理签证", "A visa", "选用途"):
        assert said in shown.text
    assert "户籍证明 · 用途 · 迁移户口（迁往外省） · 名称 (中文)" in shown.text
    assert not any(each["id"] in shown.text for each in RULES["papers"][0]["purposes"])
    assert "与现在不同" in shown.text
    picture = one.http.get(f"{draft.path}/papers/household_certificate")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert one.http.get(f"{draft.path}/papers/warrant").status_code == 404
    _whole(one.send(f"{draft.path}/ask"))
    assert one.get(paths.POLICY).text.count("等待第二个签名") == 1
    seen = _whole(two.get(draft.path))
    assert "办理签证" in seen.text
    assert two.send(f"{draft.path}/refuse", reason="no").status == 422
    done = two.send(f"{draft.path}/sign")
    assert (done.path, "现行版本 2" in done.text) == (paths.POLICY, True)
    assert two.get(draft.path).status == 404


def test_a_whole_file_is_taken_or_each_slip_in_it_is_said(pages: tuple[Browser, Browser]) -> None:
    """No TOML, too large, rules that are none; then one that is."""
    one, _ = pages
    one.get(paths.POLICY)
    draft = one.send(paths.POLICY_DRAFTS)
    action = f"{draft.path}/file"
    token = draft.form(action).fields

    def send(content: str) -> Page:
        one.page = Page(one.http.post(action, data=token, files={"rules": ("rules.toml", content.encode())}))
        return _whole(one.page)

    text = policy.DEFAULT_FILE.read_text("utf-8")
    for content, said in (
        ("[community", "不是 TOML"),
        ("#" * 60_001, "60 KB"),
        (text.replace("idle = 60", "idle = 6"), "不能小于 20。"),
        (text.replace('id = "exit_entry"', 'id = "elsewhere"'), "没有这个代号的窗口。"),
    ):
        page = send(content)
        assert (page.status, said in page.text) == (422, True), said
    taken = send(text.replace("idle = 60", "idle = 90"))
    assert (taken.path, "无人操作（秒）" in taken.text) == (draft.path, True)


def test_the_page_says_when_the_rules_end(pages: tuple[Browser, Browser], records: Records) -> None:
    with records.database.reading() as transaction:
        newest = policies.newest(transaction)
    assert newest is not None
    assert "还有 89 天" in pages[0].get(paths.POLICY).text
