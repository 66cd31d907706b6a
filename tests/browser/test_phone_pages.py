"""A resident's own phone in a real browser: the key, the square that gates read, without a network, and its end; and a
landlord's answer there."""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from backend_client.contract.tenancies import WayKind
from backend_client.phone_code import verified
from civic.clock import SystemClock
from civic.gate_codes import PhoneCode, parse, phone_counter
from gate.flows.admission import Admitted, Held, Kind, NotAdmitted, Phone, Reason, Rules, decide
from gate.flows.moment import Moment
from records.context import Records
from records.services.tenancies.code_sending import hashed
from records.store import landlord_codes
from records.store.landlord_codes import CodeRow
from records.store.rights import RightRow
from records.store.ways import WayRow
from tests.support.at_gates import HOME, give, open_ways
from tests.support.browser import DESK, PHONE, Seen, chromium, visitor
from tests.support.clocks import StillClock
from tests.support.public_pages import phone_key, token_of
from tests.support.records_client import DENG, LAN, KioskClient
from tests.support.records_server import RecordsServer
from tests.support.squares import squares
from tests.support.tenancies import Town

LANG = {"zh": "zh-CN", "en": "en"}
HALF_MINUTE_MS = 30_000
# the request goes out and is answered; the page hears nothing of it
_LOSES_AN_ANSWER = """() => { const real = fetch; window.fetch = async (...all) => {
  window.fetch = real; await real(...all); throw new TypeError("lost"); }; }"""
_VISITS = count(1)


@pytest.fixture(scope="module")
def kiosk(records: Records) -> KioskClient:
    return KioskClient(records)


@pytest.fixture(scope="module")
def browser(kiosk: KioskClient, server: RecordsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Started last: beside its event loop no other may begin."""
    del kiosk
    with chromium(tmp_path_factory.mktemp("browser"), server.root_pem) as started:
        yield started


@dataclass
class Holder:
    """Whose phone it is: a right, and a token for its page."""

    records: Records
    right: RightRow
    token: str

    def ways(self) -> list[WayRow]:
        """The phones of this right."""
        return open_ways(self.records, self.right, WayKind.PHONE)

    def proven(self, code: PhoneCode) -> bool:
        """Whether the key that records have of this phone has signed it."""
        (way,) = self.ways()
        assert code.credential == way.way_id
        return verified(code, way.ref, self.records.settings.community)


@pytest.fixture
def holder(records: Records, kiosk: KioskClient) -> Holder:
    """Somebody proven who asked for a phone, with a right of a year from today on."""
    today = datetime.now(UTC).date()
    right = give(records, starts_on=today, ends_on=today + timedelta(days=365))
    return Holder(records, right, token_of(kiosk, right, f"visit-phone-{next(_VISITS):04}"))


@pytest.fixture
def phone(visitors: Callable[[str], Seen]) -> Seen:
    """Return a phone on which nothing is kept."""
    forgotten = visitors(PHONE)
    forgotten.forgets()
    return forgotten


@pytest.fixture
def timed_phone(browser: Browser, server: RecordsServer) -> Iterator[Seen]:
    """Return one of the test's own, whose clock may be set: it is never as before."""
    with visitor(browser, PHONE, server.url) as seen:
        yield seen


def _scans(seen: Seen, token: str, language: str = "zh") -> None:
    """The kiosk's square, and the page that it leads to."""
    seen.page.goto(f"/pass/?language={language}#{token}")
    expect(seen.page.locator("#take")).to_be_visible()


def _takes(seen: Seen, token: str, language: str = "zh") -> PhoneCode:
    _scans(seen, token, language)
    seen.page.locator("#take").tap()
    return _code(seen.page)


def _code(page: Page, *, newer_than: int = 0) -> PhoneCode:
    """As a gate's scanner reads it from the screen, once it is of a later half minute than that."""
    square = page.locator("#square")
    expect(square).to_be_visible()
    for _ in range(100):
        for found in squares(Image.open(io.BytesIO(square.screenshot())).convert("L")):
            code = parse(found.text)
            assert isinstance(code, PhoneCode)
            if code.counter > newer_than:
                return code
        page.wait_for_timeout(50)
    raise AssertionError("no square")


def _decided(code: PhoneCode, at: datetime, *seen_before: int) -> Admitted | NotAdmitted:
    """What a gate that has the time says, once the signature was good."""
    held = Held("grant", "holder", code.credential, Kind.PHONE, at.date(), None, counters=frozenset(seen_before))
    presented = Phone(code.credential, code.counter, signature_good=True)
    return decide(presented, (held,), Moment(at.date(), at, at.date(), at), Rules())


@pytest.mark.parametrize("language", LANG)
def test_a_phone_takes_its_key_and_shows_a_square_that_is_its_own(phone: Seen, holder: Holder, language: str) -> None:
    """Each look keeps the rules of every page; nobody's name and no flat stand there, and the token is gone from the
    address."""
    _scans(phone, holder.token, language)
    phone.picture(f"pass-offer-{language}")
    assert not phone.faults(LANG[language])
    phone.page.locator("#take").tap()
    code = _code(phone.page)
    assert holder.proven(code)
    assert abs(code.counter - phone_counter(datetime.now(UTC))) <= 1
    assert holder.token not in phone.page.url
    for personal in (DENG.name, DENG.id_number, *(f"{part}号" for part in HOME)):
        assert personal not in phone.page.content()
    phone.picture(f"pass-{language}")
    assert not phone.faults(LANG[language])


def test_the_next_half_minute_has_another_square_and_a_copy_is_of_no_use(timed_phone: Seen, holder: Holder) -> None:
    """A gate takes a square once, and none that is older than the neighbouring half minute."""
    phone = timed_phone
    phone.page.clock.install()
    first = _takes(phone, holder.token)
    phone.page.clock.fast_forward(HALF_MINUTE_MS)
    second = _code(phone.page, newer_than=first.counter)
    assert second.counter > first.counter
    assert second.signature != first.signature
    assert holder.proven(second)
    shown = datetime.fromtimestamp(first.counter * 30, UTC)
    assert isinstance(_decided(first, shown), Admitted)
    assert _decided(first, shown, first.counter) == NotAdmitted(Reason.REPLAYED)
    assert _decided(first, shown + timedelta(minutes=1)) == NotAdmitted(Reason.STALE_CODE)


def test_it_opens_without_a_network(phone: Seen, holder: Holder) -> None:
    """After the first visit, in both languages, and at an address that something was added to."""
    before = _takes(phone, holder.token)
    expect(phone.page.locator("#stays")).to_be_visible()
    phone.page.context.set_offline(True)
    phone.page.reload()
    assert holder.proven(_code(phone.page))
    phone.page.locator("header a").tap()
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    phone.page.goto("/pass/?from=chat")
    code = _code(phone.page)
    assert holder.proven(code)
    assert code.counter >= before.counter
    # a browser that does not know yet that it is offline says that records' clock could not be asked
    assert [each for each in phone.faults("zh-CN") if "ERR_INTERNET_DISCONNECTED" not in each] == []
    phone.page.context.set_offline(False)


def test_a_phone_whose_clock_is_wrong_shows_the_right_square_and_says_so(timed_phone: Seen, holder: Holder) -> None:
    phone = timed_phone
    phone.page.clock.install(time=datetime.now(UTC) + timedelta(minutes=-10))
    code = _takes(phone, holder.token)
    assert abs(code.counter - phone_counter(datetime.now(UTC))) <= 1
    expect(phone.page.locator("#clock-slow")).to_contain_text(" 10 ")
    expect(phone.page.locator("#clock-fast")).to_be_hidden()


def test_a_sleeping_phone_wakes_at_the_right_time_and_a_clock_that_is_set_changes_nothing(phone: Seen) -> None:
    """By the page's own clock, whose two sources are set by hand."""
    phone.page.goto("/pass/")
    told = phone.page.evaluate(
        """async () => {
      const { recordsClock, distance } = await import("/pass/static/clock.js");
      let wall = 1_000_000, steady = 0;
      const clock = recordsClock(distance(1_500_500, 1_000_000, 1_001_000), () => wall, () => steady);
      const told = [clock.now()];
      wall += 3_600_000; steady += 1_000; told.push(clock.now(), clock.ahead()); // set ahead while it is looked at
      clock.learnt(500_000 - 3_600_000);
      wall += 7_200_000; told.push(clock.woken(), clock.now()); // slept, its steady clock standing still
      wall -= 86_400_000; steady += 5_000; told.push(clock.woken(), clock.now()); // set back
      return told;
    }"""
    )
    assert told == [1_500_000, 1_501_000, 3_099_000, True, 8_700_000, False, 8_705_000]


def test_a_photograph_of_the_kiosks_square_is_of_no_use(
    browser: Browser, server: RecordsServer, phone: Seen, holder: Holder
) -> None:
    """Second with the same token, on another phone; and what is made up."""
    own = _takes(phone, holder.token)
    with visitor(browser, PHONE, server.url) as thief:
        for token in (holder.token, base64.urlsafe_b64encode(b"a guess of 24 bytes long").decode()):
            _scans(thief, token, "en")
            thief.page.locator("#take").tap()
            expect(thief.page.locator("[data-says=used]")).to_be_visible()
            expect(thief.page.locator("#square")).to_be_hidden()
            assert token not in thief.page.url
    assert [each.way_id for each in holder.ways()] == [own.credential]
    phone.page.reload()
    assert holder.proven(_code(phone.page))


def test_a_lost_answer_is_had_again_with_the_same_key(phone: Seen, holder: Holder) -> None:
    """Records have taken it, and the phone has not heard: it says so, and one more touch is enough."""
    _scans(phone, holder.token)
    phone.page.evaluate(_LOSES_AN_ANSWER)
    phone.page.locator("#take").tap()
    expect(phone.page.locator("[data-says=offline]")).to_be_visible()
    (way,) = holder.ways()
    phone.page.reload()
    phone.page.locator("#take").tap()
    assert _code(phone.page).credential == way.way_id
    assert holder.proven(_code(phone.page))


def test_the_key_never_leaves_and_is_gone_when_it_is_removed(phone: Seen, holder: Holder) -> None:
    _takes(phone, holder.token)
    kept = "async () => (await import('/pass/static/keeping.js')).read('own')"
    assert phone.page.evaluate(f"async () => (await ({kept})()).key.extractable") is False
    taken = f"async () => crypto.subtle.exportKey('pkcs8', (await ({kept})()).key).then(() => 'out', each => each.name)"
    assert phone.page.evaluate(taken) == "InvalidAccessError"
    phone.page.locator("summary").tap()
    phone.page.locator("#remove").tap()
    expect(phone.page.locator("[data-says=removed]")).to_be_visible()
    expect(phone.page.locator("#square")).to_be_hidden()
    assert not phone.faults("zh-CN")
    assert phone.page.evaluate(kept) is None
    phone.page.reload()
    expect(phone.page.locator("[data-part=none]")).to_be_visible()


def test_another_origin_gets_no_way_and_no_key(browser: Browser, server: RecordsServer, holder: Holder) -> None:
    """Not even with a token that it has somehow got, and with its own policy out of the way."""
    elsewhere = server.url.replace("localhost", "127.0.0.1")
    context = browser.new_context(bypass_csp=True, base_url=elsewhere)
    page = context.new_page()
    page.goto("/check/")
    tried = """async ([address, body, type]) => fetch(address, {method: "POST", body, headers: {"Content-Type": type},
      mode: type === "text/plain" ? "no-cors" : "cors"}).then(each => each.type, error => error.name)"""
    body = f'{{"token": "{holder.token}", "public_key": "{phone_key()}"}}'
    address = f"{server.url}/pass/keys"
    for kind in ("text/plain", "application/json"):
        assert page.evaluate(tried, [address, body, kind]) == "TypeError"  # nothing of the answer is given to it
    assert page.evaluate("indexedDB.databases()") == []
    context.close()
    assert holder.ways() == []


# --- a landlord's answer ----------------------------------------------------------------------------------------------

_VIEWS = [
    pytest.param(size, language, door, id=f"{size}-{language}")
    for size, language, door in (
        (PHONE, "zh", ("3", "2", "501")),
        (DESK, "en", ("4", "1", "302")),
    )
]


def _asked(records: Records, kiosk: KioskClient, door: tuple[str, str, str], code: str) -> Town:
    """Somebody wants to rent LAN's flat, and LAN has this code."""
    town = Town(records, kiosk, StillClock(SystemClock().now()))
    town.owns(door=door)
    today = datetime.now(UTC).date()
    town.rents(door=door, starts_on=today.isoformat(), ends_on=(today + timedelta(days=365)).isoformat())
    ask = town.asked(LAN)[-1]
    with records.database.writing() as transaction:
        landlord_codes.add(transaction, CodeRow(hashed(records, code), ask.ask_id, records.clock.now(), ask.until))
    return town


@dataclass
class Landlord:
    """Who was sent a code for the flat behind this door."""

    town: Town
    code: str
    door: tuple[str, str, str]


@pytest.fixture
def landlord(records: Records, kiosk: KioskClient, door: tuple[str, str, str]) -> Landlord:
    code = f"ABCDE234{door[0]}{door[1]}".replace("1", "9")
    return Landlord(_asked(records, kiosk, door, code), code, door)


@pytest.mark.parametrize(("size", "language", "door"), _VIEWS)
def test_a_landlord_answers(visitors: Callable[[str], Seen], landlord: Landlord, size: str, language: str) -> None:
    """A mistyped code first; two answers of one size; and every page keeps the rules."""
    seen = visitors(size)
    seen.forgets()
    for typed, heading in (("2222222222", 0), (landlord.code.lower(), 1)):
        if not heading:
            seen.page.goto(f"/answer/?language={language}")
        seen.page.locator("#code").fill(typed)
        with seen.led_on():
            seen.page.locator("button.next").click()
        seen.picture(f"answer-{('wrong', 'about')[heading]}-{language}-{size}")
        assert not seen.faults(LANG[language])
    expect(seen.page.get_by_text(landlord.town.flat(landlord.door).address)).to_be_visible()
    assert DENG.name not in seen.page.content()
    yes, no = (seen.page.locator(f"button[value={each}]") for each in ("yes", "no"))
    look = "each => [each.offsetWidth, each.offsetHeight, getComputedStyle(each).backgroundColor]"
    assert yes.evaluate(look) == no.evaluate(look)
    with seen.led_on():
        no.click()
    seen.picture(f"answer-done-{language}-{size}")
    assert not seen.faults(LANG[language])
    assert seen.page.locator("script").count() == 0
    assert landlord.town.asked(LAN) == ()
