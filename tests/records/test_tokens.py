"""A token of software behind the real library: keys stay in it, and whatever it refuses is said so that one can act."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute, exceptions

from records import token_words, tokens
from records.errors import DataFolderError, KeyUnusableError, TokenAwayError, TokenLockedError, TokenPinError
from records.token_keys import TokenKey, key_at, make_in, token_of
from records.token_pin import VARIABLE, pin_source
from records.tokens import Token
from tests.support.soft_token import LABEL, MODULE, PIN, PIN_FILE, SoftToken, forget, settings, write_pin

SHA256 = ec.ECDSA(hashes.SHA256())


@pytest.fixture
def opened(token: SoftToken, tmp_path: Path) -> Token:
    """Return the product's side of the token, its PIN in a file."""
    del token
    write_pin(tmp_path, PIN)
    found = token_of(tmp_path, settings())
    assert found is not None
    return found


@pytest.fixture
def key(opened: Token) -> TokenKey:
    content, public = make_in(opened, "document")
    found = key_at(content, "document", opened, public)
    assert isinstance(found, TokenKey)
    return found


def test_a_key_is_made_in_the_token_and_never_leaves_it(key: TokenKey, token: SoftToken) -> None:
    """The token itself says so, and refuses its value even to us."""
    told = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
    told |= {Attribute.NEVER_EXTRACTABLE: True, Attribute.LOCAL: True}
    assert token.private_keys() == [{Attribute.ID: key.identifier, **told}]
    session = pkcs11.lib(MODULE).get_token(token_label=LABEL).open(user_pin=PIN)
    with pytest.raises(exceptions.AttributeSensitive):
        session.get_key(pkcs11.ObjectClass.PRIVATE_KEY)[Attribute.VALUE]


def test_its_signature_is_one_of_the_curve(key: TokenKey) -> None:
    """Checked by another library; and never the same twice, though the data are."""
    made = {key.sign(b"paper", SHA256) for _ in range(3)}
    assert len(made) == 3
    for signature in made:
        key.public_key().verify(signature, b"paper", SHA256)


def test_many_threads_sign_at_once(key: TokenKey) -> None:
    """python-pkcs11 starts a module for one thread at a time."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: (b"%d" % number, key.sign(b"%d" % number, SHA256)), range(200)))
    for data, signature in made:
        key.public_key().verify(signature, data, SHA256)
    assert len({signature for _, signature in made}) == 200


def test_a_token_that_hangs_holds_nobody_for_ever(key: TokenKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that waits for the device has the lock; the others are told."""
    monkeypatch.setattr(tokens, "_PATIENCE", 0.01)
    with tokens._modules[MODULE].lock, pytest.raises(TokenAwayError, match="does not answer"):
        key.sign(b"paper", SHA256)


def test_a_token_unplugged_and_back_is_used_again(
    key: TokenKey, token: SoftToken, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a new start; and the log says once that it went, once that it came."""
    key.sign(b"before", SHA256)
    token.unplug()
    with caplog.at_level(logging.INFO, "lamplight.records"):
        for _ in range(3):
            with pytest.raises(TokenAwayError, match="there is no token lamplight: plug it in"):
                key.sign(b"away", SHA256)
        token.plug_in()
        key.public_key().verify(key.sign(b"back", SHA256), b"back", SHA256)
    assert caplog.messages == ["token can't be used", "token can be used again"]


def test_a_session_that_ended_is_opened_again(key: TokenKey) -> None:
    """Some tokens end them by themselves after a while; here another part of the process did."""
    before = key.sign(b"paper", SHA256)
    forget()
    after = key.sign(b"paper", SHA256)
    key.public_key().verify(after, b"paper", SHA256)
    assert after != before


def test_two_parts_of_one_process_use_the_same_token(key: TokenKey, opened: Token, tmp_path: Path) -> None:
    """The module knows one login for all of them."""
    other = Token(MODULE, LABEL, pin_source(tmp_path, settings()))
    for each in (opened, other, opened):
        assert each.sign(key.identifier, bytes(32), key.public_key())
    other.close()
    assert opened.sign(key.identifier, bytes(32), key.public_key())


def test_a_wrong_pin_is_tried_once(
    key: TokenKey, opened: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens lock themselves after a few; the right one, once it is there, is used without a new start."""
    opened.close()
    write_pin(tmp_path, "000000")
    with pytest.raises(TokenPinError, match="refuses its PIN"):
        key.sign(b"paper", SHA256)
    with monkeypatch.context() as patched:
        patched.setattr(Token, "_logged_in", _never)
        with pytest.raises(TokenPinError, match="refuses its PIN"):
            key.sign(b"paper", SHA256)
    write_pin(tmp_path, PIN)
    key.sign(b"paper", SHA256)


@dataclass
class _LastTry:
    """A module whose token has one try left."""

    flags = pkcs11.TokenFlag.TOKEN_INITIALIZED | pkcs11.TokenFlag.USER_PIN_FINAL_TRY
    open = staticmethod(lambda **_: _never())

    def get_token(self, **_: object) -> "_LastTry":
        return self

    def finalize(self) -> None:
        """There is nothing to end."""


def test_the_last_try_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """No SoftHSM counts, so this module is made up."""
    monkeypatch.setattr(pkcs11, "lib", lambda _path: _LastTry())
    with pytest.raises(TokenPinError, match="locks itself at the next wrong PIN"):
        Token("/nowhere/last-try.so", LABEL, lambda: PIN).check()


def _never(*_: object) -> None:
    pytest.fail("a PIN was tried")


def test_a_pin_that_others_can_read_is_not_used(opened: Token, tmp_path: Path) -> None:
    write_pin(tmp_path, PIN, mode=0o640)
    with pytest.raises(TokenPinError, match=r"others may read token\.pin: chmod 600"):
        opened.check()


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_pin_that_is_not_there_is_said(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        write_pin(tmp_path, "")
        (tmp_path / PIN_FILE).write_bytes(content)
    with pytest.raises(TokenPinError, match=r"token\.pin"):
        pin_source(tmp_path, settings())()


def test_a_pin_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = pin_source(tmp_path, settings(pin_file=""))
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(TokenPinError, match=r"\$LAMPLIGHT_TOKEN_PIN holds no PIN"):
        source()
    monkeypatch.setenv(VARIABLE, PIN)
    assert source() == PIN


def test_no_error_says_the_pin(key: TokenKey, opened: Token, token: SoftToken, tmp_path: Path) -> None:
    """Not in its words, nor in those of what it came from."""
    opened.close()
    write_pin(tmp_path, "483920")
    with pytest.raises(TokenPinError) as caught:
        key.sign(b"paper", SHA256)
    assert "483920" not in f"{caught.value!r} {caught.value.__cause__!r} {token!r} {opened!r} {settings()!r}"


@pytest.mark.parametrize("module", ["/nowhere/libtoken.so", "/etc/hostname"])
def test_a_module_that_can_not_be_loaded_is_said(module: str, tmp_path: Path) -> None:
    write_pin(tmp_path, PIN)
    with pytest.raises(TokenAwayError, match=r"records\.toml can't be loaded"):
        Token(module, LABEL, pin_source(tmp_path, settings())).check()


def test_of_two_tokens_with_one_label_none_is_used(opened: Token, token: SoftToken) -> None:
    """It could be the wrong one."""
    opened.close()
    token.initialise()
    with pytest.raises(TokenAwayError, match="several tokens lamplight"):
        opened.check()


def test_a_key_that_is_not_in_the_token_is_said(key: TokenKey) -> None:
    key.token.destroy(key.identifier)
    with pytest.raises(KeyUnusableError, match="not in the token lamplight: restore the token, or rotate the key"):
        key.sign(b"paper", SHA256)


def test_a_signature_that_does_not_hold_is_never_given(key: TokenKey) -> None:
    """The certificate is of another key, or the token is broken: a paper that nobody can verify would come of it."""
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(KeyUnusableError, match="does not belong to its certificate, or the token is faulty"):
        TokenKey(key.token, key.identifier, other).sign(b"paper", SHA256)


def test_a_token_that_would_give_its_keys_away_gets_none(
    opened: Token, token: SoftToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked what it did, not only told what to do."""
    monkeypatch.setattr(tokens, "_STAYS_INSIDE", {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: True})
    with pytest.raises(KeyUnusableError, match="could be taken out"):
        make_in(opened, "document")
    assert token.private_keys() == []


@pytest.mark.parametrize("named", ["another", None])
def test_a_key_of_a_token_that_the_settings_do_not_name_signs_nothing(named: str | None, opened: Token) -> None:
    """Its file says where it is."""
    content, public = make_in(opened, "code")
    elsewhere = Token(MODULE, named, lambda: PIN) if named else None
    found = key_at(content, "code", elsewhere, public)
    with pytest.raises(KeyUnusableError, match=r"the code key is in the token lamplight, and records\.toml names"):
        found.sign(b"", SHA256)
    assert found.public_key() == public


@pytest.mark.parametrize("content", [b"pkcs11:", b"pkcs11:token=a;type=private", b"pkcs11:token=a;id=%zz;type=private"])
def test_a_place_that_can_not_be_understood_is_an_error(content: bytes, key: TokenKey) -> None:
    with pytest.raises(DataFolderError, match=r"code\.key\.pem is damaged"):
        key_at(content, "code", key.token, key.public_key())


def test_any_label_may_stand_in_the_place(token: SoftToken) -> None:
    """Percent-encoded (RFC 7512)."""
    token.initialise("签名 1;2")
    forget()
    other = Token(MODULE, "签名 1;2", lambda: PIN)
    content, public = make_in(other, "code")
    assert content.isascii()
    key_at(content, "code", other, public).sign(b"paper", SHA256)


@pytest.mark.parametrize(
    ("told", "kind", "words"),
    [
        (exceptions.PinLocked, TokenLockedError, "have its security officer unlock it"),
        (exceptions.PinExpired, TokenPinError, "have its security officer set one"),
        (exceptions.DeviceRemoved, TokenAwayError, "plug it in"),
        (exceptions.DeviceError, TokenAwayError, "failed (DeviceError)"),
    ],
)
def test_what_this_token_never_says_has_its_words_too(
    told: type[exceptions.PKCS11Error], kind: type[KeyUnusableError], words: str
) -> None:
    error = token_words.explained(told(), LABEL)
    assert (type(error), words in error.detail, LABEL in error.detail) == (kind, True, True)
