"""What a kiosk seals opens for records alone, and under its own header alone."""

import base64
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from backend_client.contract.intakes import CorrectionContent, Declarant, IntakeItem, IntakeKind
from backend_client.contract.policy import IntakeRules
from backend_client.errors import SealUnreadableError
from backend_client.seals import key_id_of, open_file, open_seal, public_key, seal_file, seal_intake

KEY = X25519PrivateKey.generate()
BLOB = "ab" * 32
WHO = Declarant(name="张明灯", id_number="990101198603140019", proven=True)
CONTENT = CorrectionContent(who=WHO, fields=("name",))


def _rules(key: X25519PrivateKey = KEY) -> IntakeRules:
    raw = key.public_key().public_bytes_raw()
    kinds = tuple(IntakeKind)
    return IntakeRules(key=base64.b64encode(raw).decode(), key_id=key_id_of(raw), kinds=kinds)


def _item(sealed: str, intake_id: UUID, **changes: object) -> IntakeItem:
    header = {
        "id": intake_id,
        "sequence": 1,
        "boot_id": uuid4(),
        "monotonic_ms": 1,
        "at": "2026-11-22T15:05:00Z",
        "kind": IntakeKind.CORRECTION,
        "key_id": _rules().key_id,
        "sealed": sealed,
        "blobs": (BLOB,),
    }
    return IntakeItem.model_validate({**header, **changes})


def _sealed(intake_id: UUID) -> str:
    return seal_intake(CONTENT, intake_id, IntakeKind.CORRECTION, _rules(), (BLOB,))


def test_what_is_sealed_opens_for_the_key_it_was_sealed_to() -> None:
    """Whole, and never twice the same: each seal has a key of its own."""
    ours = uuid4()
    opened = open_seal(_item(_sealed(ours), ours), KEY)
    assert CorrectionContent.model_validate_json(opened) == CONTENT
    assert _sealed(ours) != _sealed(ours)


def test_nothing_of_it_can_be_read_on_the_way() -> None:
    ours = uuid4()
    raw = base64.b64decode(_sealed(ours))
    assert not any(each.encode() in raw for each in (WHO.name, WHO.id_number, "fields"))


@pytest.mark.parametrize(
    "change", [{"id": UUID(int=7)}, {"kind": IntakeKind.RESIDENCE}, {"blobs": ()}, {"key_id": "0" * 16}]
)
def test_no_seal_is_put_under_another_header(change: dict[str, object]) -> None:
    """Number, kind, key and files are bound to it."""
    ours = uuid4()
    with pytest.raises(SealUnreadableError):
        open_seal(_item(_sealed(ours), ours, **change), KEY)


def test_times_and_order_are_no_part_of_the_seal() -> None:
    """A kiosk may learn its clock's error after it has sealed."""
    ours = uuid4()
    item = _item(_sealed(ours), ours, sequence=9, skew_ms=-4, at="2026-11-23T00:00:00Z")
    assert open_seal(item, KEY)


def test_another_key_opens_nothing() -> None:
    ours = uuid4()
    with pytest.raises(SealUnreadableError):
        open_seal(_item(_sealed(ours), ours), X25519PrivateKey.generate())


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()))
def test_no_seal_at_all_is_one_sentence(text: str) -> None:
    """Whatever was sent: one error, without a word of it."""
    with pytest.raises(SealUnreadableError) as failed:
        open_seal(_item(text, UUID(int=1)), KEY)
    assert str(failed.value) == "seal-unreadable"


def test_a_key_that_is_not_the_one_it_is_called_is_refused() -> None:
    """A slip in the rules is met before a resident's words are sealed to nobody."""
    with pytest.raises(ValueError, match="not the one"):
        public_key(_rules().model_copy(update={"key_id": "0" * 16}))


def test_a_content_of_another_kind_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="no content of residence"):
        seal_intake(CONTENT, uuid4(), IntakeKind.RESIDENCE, _rules())


@pytest.mark.parametrize("content", [b"", b"a lease", bytes(300_000)])
def test_a_file_opens_by_its_own_key_as_it_was(content: bytes) -> None:
    """Nothing of it can be read on the way, nor its key in what prints it."""
    sent, file = seal_file(content)
    assert open_file(sent, file) == content
    assert len(sent) == len(content) + 28
    assert not content or content[:7] not in sent
    assert file.key not in f"{file!r} {file}"


def test_a_file_that_was_altered_or_is_another_opens_not_at_all() -> None:
    (sent, file), (other, _) = seal_file(b"a lease"), seal_file(b"a lease")
    for broken in (b"", sent[:-1], sent + b"x", sent[:-1] + bytes([sent[-1] ^ 1]), other):
        with pytest.raises(SealUnreadableError):
            open_file(broken, file)
