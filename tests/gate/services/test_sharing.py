"""Faces go from gate to gate over real sockets: to whom they concern, to nobody else, and not after a withdrawal."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.contract.base import ServerTime, Wire
from backend_client.contract.gates import GateReports, ReportKind, report_statement
from backend_client.contract.templates import SealedTemplate, Taken, TemplateAnswer, TemplateOffer, TemplateOffers
from backend_client.errors import SealUnreadableError
from backend_client.template_seals import open_template
from devices.face.gallery import Gallery
from gate.services.known_faces import KnownFaces
from gate.services.peers import KnownPeer
from gate.services.sharing import Answering
from gate.services.tell import Tell
from gate.services.templates import Received
from gate.store.templates import Template
from tests.gate.made_up import VECTOR, number
from tests.gate.site import MODEL, GateThere, face, holder, right, site
from tests.support.clocks import NOW

LAN, DENG = 1, 2


@pytest.fixture
def gates(tmp_path: Path) -> Iterator[list[GateThere]]:
    """The compound's, a unit's and another unit's: Lan has a right to the first unit, Deng to the other."""
    with site(tmp_path, "south", "unit-5", "unit-6") as found:
        south, five, six = found
        south.hears(right(LAN), right(DENG))
        five.hears(right(LAN))
        six.hears(right(DENG))
        yield found


@dataclass
class Records:
    """What gates tell."""

    heard: list[GateReports] = field(default_factory=list)

    def send_reports(self, reports: GateReports) -> ServerTime:
        self.heard.append(reports)
        return ServerTime(server_time=NOW)

    def kinds(self) -> list[ReportKind]:
        return [each.kind for batch in self.heard for each in batch.reports]


def tells(gate: GateThere) -> Records:
    records = Records()
    Tell(records, gate.store.reports, lambda: gate.key, gate.sharing.own).tick()
    return records


def received(gate: GateThere) -> Received:
    """What answers the other gates."""
    answers = gate.sharing.server.answers
    if isinstance(answers, Asked):
        return answers.answers
    assert isinstance(answers, Answering)
    return next(each for each in answers.parts if isinstance(each, Received))


@dataclass
class Asked:
    """Stands before a gate's answers and remembers what was asked."""

    answers: Received
    paths: list[str] = field(default_factory=list)
    sealed: list[SealedTemplate] = field(default_factory=list)

    def answer(self, path: str, body: bytes, sender: KnownPeer) -> Wire | None:
        self.paths.append(path)
        if path.endswith("templates"):
            self.sealed.append(SealedTemplate.model_validate_json(body))
        return self.answers.answer(path, body, sender)


def listened(gate: GateThere) -> Asked:
    asked = Asked(received(gate))
    gate.sharing.server.answers = asked
    return asked


def test_a_face_made_at_one_gate_is_searched_at_the_other_that_its_holder_uses(gates: list[GateThere]) -> None:
    """And is never sent to the third, though that is known as well."""
    south, five, six = gates
    at_five, at_six = listened(five.up()), listened(six.up())
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    assert five.faces() == [face(LAN, maker="south")]
    assert (five.changes, six.changes, six.faces()) == (1, 0, [])
    assert at_five.paths == ["/v1/templates/offers", "/v1/templates"]
    assert at_six.paths == ["/v1/templates/offers"]
    gallery = Gallery(MODEL)
    assert KnownFaces(five.store.templates, gallery).refresh() == 0
    assert holder(LAN) in gallery
    south.sharing.tick()
    assert len(at_five.paths) == 2, "given once"


def test_what_is_on_the_way_opens_by_the_one_key_that_it_was_sealed_to(gates: list[GateThere]) -> None:
    """Not by another gate's, not by records': theirs is no key of a gate, whichever it is."""
    south, five, six = gates
    asked = listened(five.up())
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    (sent,) = asked.sealed
    own = five.store.settings.template_key()
    assert open_template(sent.sealed, "south", "unit-5", own).holder == holder(LAN)
    for key in (six.store.settings.template_key(), south.store.settings.template_key(), X25519PrivateKey.generate()):
        with pytest.raises(SealUnreadableError):
            open_template(sent.sealed, "south", "unit-5", key)
    assert face(LAN).vector not in base64.b64decode(sent.sealed)


def test_records_hear_who_has_it_and_nothing_of_the_face(gates: list[GateThere]) -> None:
    south, five, _ = gates
    five.up()
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    told = [tells(south), tells(five)]
    assert [each.kinds() for each in told] == [[ReportKind.TEMPLATE_MADE]] * 2
    vector = base64.b64encode(face(LAN).vector).decode()
    words = "".join(batch.model_dump_json() for each in told for batch in each.heard)
    assert vector[:40] not in words
    assert vector[-40:] not in words
    private = base64.b64encode(five.store.settings.template_key().private_bytes_raw()).decode()
    assert private not in words


def test_a_gate_that_was_away_is_given_it_when_it_is_back_also_after_a_power_cut(gates: list[GateThere]) -> None:
    south, five, _ = gates
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    south.power_fails()
    five.up()
    south.sharing.tick()
    assert five.faces() == [face(LAN, maker="south")]


def test_power_that_fails_between_giving_and_noting_gives_it_no_second_time(gates: list[GateThere]) -> None:
    south, five, _ = gates
    asked = listened(five.up())
    south.store.templates.put(face(LAN))
    given = received(five).take(south.seals(face(LAN), five), south.known())
    assert given == TemplateAnswer(taken=Taken.TAKEN)
    south.power_fails()
    south.sharing.tick()
    assert asked.paths == ["/v1/templates/offers"]
    assert tells(five).kinds() == [ReportKind.TEMPLATE_MADE]
    south.clock.pass_by(3600)
    south.sharing.tick()
    assert len(asked.paths) == 1


def test_a_gate_that_hears_of_the_consent_later_is_given_it_then(gates: list[GateThere]) -> None:
    south, five, _ = gates
    five.up().hears()
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    assert five.faces() == []
    five.hears(right(LAN))
    south.clock.pass_by(60)
    south.sharing.tick()
    assert five.faces() == [face(LAN, maker="south")]


def test_a_new_face_follows_and_an_older_one_does_not_come_back(gates: list[GateThere]) -> None:
    south, five, _ = gates
    five.up()
    for minutes in (0, 5):
        south.store.templates.put(face(LAN, at=NOW + timedelta(minutes=minutes)))
        south.sharing.tick()
    newer = face(LAN, at=NOW + timedelta(minutes=5), maker="south")
    assert five.faces() == [newer]
    again = received(five).take(south.seals(face(LAN), five), south.known())
    assert (again.taken, five.faces()) == (Taken.HELD, [newer])


def test_what_was_withdrawn_is_given_to_nobody(gates: list[GateThere]) -> None:
    """The other gate was away, and has not even heard of it."""
    south, five, _ = gates
    south.store.templates.put(face(LAN))
    south.hears(right(LAN, consent=0, revision=2), right(DENG))
    asked = listened(five.up())
    south.sharing.tick()
    assert (south.faces(), five.faces(), asked.paths) == ([], [], [])
    assert ReportKind.TEMPLATE_DELETED in tells(south).kinds()


def test_a_gate_that_was_away_deletes_when_it_hears_and_signs_the_receipt(gates: list[GateThere]) -> None:
    south, five, _ = gates
    five.up()
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    tells(five)
    five.down()
    south.hears(right(LAN, consent=0, revision=2))
    assert len(five.faces()) == 1
    five.power_fails()
    five.hears(right(LAN, consent=0, revision=2))
    assert five.faces() == []
    (batch,) = tells(five).heard
    (receipt,) = batch.reports
    assert (receipt.kind, receipt.holder) == (ReportKind.TEMPLATE_DELETED, holder(LAN))
    assert five.known().has_signed(report_statement(receipt), receipt.signature)


@pytest.mark.parametrize("now", [0, 77], ids=["withdrawn", "consented anew, by another number"])
def test_a_face_that_arrives_after_the_withdrawal_is_refused(gates: list[GateThere], now: int) -> None:
    """Its maker has not heard yet. Nothing of it stays in the files, and nothing of it is logged."""
    south, five, _ = gates
    five.hears(right(LAN, consent=now, revision=2))
    assert received(five).wanted(_offer()).wanted == ()
    answer = received(five).take(south.seals(face(LAN), five), south.known())
    assert (answer.taken, five.faces(), five.changes) == (Taken.REFUSED, [], 0)


def _offer() -> TemplateOffers:
    return TemplateOffers(offers=(TemplateOffer(credential=number(3000 + LAN), made_at=NOW),))


@pytest.mark.parametrize(
    "changed",
    [
        {"holder": holder(DENG)},
        {"credential": number(3000 + DENG)},
        {"holder": holder(DENG), "credential": number(3000 + DENG)},
        {"made_at": NOW + timedelta(hours=1)},
        {"vector": VECTOR},
        {"vector": b""},
        {"vector": face(LAN, model="model-2").vector},
    ],
    ids=[
        "another's",
        "another's consent",
        "somebody unknown here",
        "from tomorrow",
        "no vector",
        "nothing",
        "another model",
    ],
)
def test_only_a_consenting_members_usable_face_is_kept(
    gates: list[GateThere], changed: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    south, five, _ = gates
    sent: Template = replace(face(LAN), **changed)  # type: ignore[arg-type] # a field of it
    answer = received(five).take(south.seals(sent, five), south.known())
    assert (answer.taken, five.faces()) == (Taken.REFUSED, [])
    assert sent.holder not in caplog.text
    assert sent.credential not in caplog.text


def test_only_a_known_gates_own_word_to_this_gate_is_kept(gates: list[GateThere]) -> None:
    """A gate that gets a face can't pass it on as its own, and nobody can send one in another's name."""
    south, five, six = gates
    of_south = south.seals(face(LAN), five)
    forged = south.seals(face(LAN), five, key=ec.generate_private_key(ec.SECP256R1()))
    resigned = SealedTemplate(sealed=of_south.sealed, signature=six.seals(face(LAN), five).signature)
    to_six = south.seals(face(LAN), six)
    tries = [(forged, south), (of_south, six), (resigned, six), (to_six, south)]
    assert {received(five).take(sealed, sender.known()).taken for sealed, sender in tries} == {Taken.REFUSED}
    assert five.faces() == []
    assert received(five).take(of_south, south.known()).taken is Taken.TAKEN
    assert received(five).take(of_south, south.known()).taken is Taken.HELD, "the same once more"


def test_a_door_without_faces_takes_none(gates: list[GateThere]) -> None:
    south, five, _ = gates
    five.model = ""
    asked = listened(five.up())
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    assert (five.faces(), asked.paths) == ([], ["/v1/templates/offers"])


def test_a_stolen_gate_that_was_put_out_is_heard_no_longer_and_what_it_sent_is_dropped(gates: list[GateThere]) -> None:
    """Its certificate is still good by itself; its thief sends a face of their own under a member's number."""
    south, five, six = gates[0], gates[1], gates[2].up()
    asked = listened(five.up())
    five.hears(right(LAN), right(DENG))
    six.store.templates.put(face(DENG))
    six.sharing.tick()
    assert [each.maker for each in five.faces()] == ["unit-6"]
    five.hears(right(LAN), right(DENG), others=(south,))
    five.sharing.tick()
    assert (five.faces(), five.changes) == ([], 2)
    before = len(asked.paths)
    six.store.templates.put(face(DENG, at=NOW + timedelta(minutes=9)))
    six.sharing.wake()
    six.sharing.tick()
    assert (len(asked.paths), five.faces()) == (before, [])
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    assert [each.maker for each in five.faces()] == ["south"], "the others go on"


def test_what_was_made_here_stays_whoever_is_known(gates: list[GateThere]) -> None:
    south, *_ = gates
    south.store.templates.put(face(LAN))
    south.hears(right(LAN), others=())
    south.sharing.tick()
    assert south.faces() == [face(LAN)]


def test_the_key_that_faces_are_sealed_to_is_made_once_and_told_with_each_new_certificate(
    gates: list[GateThere],
) -> None:
    _, five, _ = gates
    told = Records()
    tell = Tell(told, five.store.reports, lambda: five.key, five.sharing.own)
    key = five.sharing.own().key
    tell.tick()
    five.key = ec.generate_private_key(ec.SECP256R1())
    five.certify()
    for _ in range(2):
        tell.tick()
    assert [each.key for each in told.heard] == [key, key]
    assert told.heard[0].key_signature != told.heard[1].key_signature
    five.power_fails()
    assert five.sharing.own().key == key


def test_a_gate_that_renewed_its_certificate_goes_on_once_the_others_have_heard(gates: list[GateThere]) -> None:
    south, five, _ = gates
    five.up()
    south.key = ec.generate_private_key(ec.SECP256R1())
    south.certify()
    south.store.templates.put(face(LAN))
    south.sharing.tick()
    assert five.faces() == []
    five.hears(right(LAN), others=(south,))
    south.clock.pass_by(60)
    south.sharing.tick()
    assert len(five.faces()) == 1
