"""A PKCS#11 token (OASIS, version 2.40): P-256 keys that are made in it, sign in it, and never leave it.

python-pkcs11 starts a module for use by one thread at a time (C_Initialize without arguments), and a token that hangs
on a wire does one thing at a time anyway: one session each, one lock for each module. A token that was away is used
again as soon as it is back: whatever fails is tried once more from the very start, with a module that looks afresh.

A PIN that was refused is not tried again until it is another one, and the last try is left to a person: tokens count.
"""

import hashlib
import logging
import secrets
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeVar

import pkcs11
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, TokenFlag
from pkcs11.exceptions import PinIncorrect, PKCS11Error, UserAlreadyLoggedIn
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from records import token_words
from records.errors import KeyUnusableError, TokenAwayError, TokenPinError

_log = logging.getLogger("lamplight.records")
_PATIENCE = 10.0  # for another thread's signature; a kiosk waits for its own
_ID_BYTES = 16
_HALF = 32  # bytes of r and of s
_PREHASHED = ec.ECDSA(Prehashed(hashes.SHA256()))
_CURVE = encode_named_curve_parameters("secp256r1")
_STAYS_INSIDE = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
_NEVER_LEFT = (Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.LOCAL)
_Result = TypeVar("_Result")


@dataclass(slots=True)
class _Module:
    """A library in this process. ``starts``: how often it began anew; handles from before mean nothing, or others."""

    lock: Lock = field(default_factory=Lock)
    starts: int = 0


_modules: Final[defaultdict[str, _Module]] = defaultdict(_Module)


class Token:
    """The token of that label. ``pin``: gives its PIN whenever it is needed; raises TokenPinError.

    Every method may raise KeyUnusableError or one below it. Any thread may call any.
    """

    def __init__(self, module: str, label: str, pin: Callable[[], str]) -> None:
        self.label = label
        self._path = module
        self._module = _modules[module]
        self._pin = pin
        self._session: pkcs11.Session | None = None
        self._start = 0
        self._keys: dict[bytes, Any] = {}  # its key classes get their methods when they are made
        self._refused = b""
        self._trouble = ""

    def sign(self, identifier: bytes, digest: bytes, public: ec.EllipticCurvePublicKey) -> bytes:
        """The ECDSA signature (DER) of a SHA-256 digest by the key of that CKA_ID, checked with its public half: no
        paper leaves with one that a faulty token made."""
        return self._do(lambda session: self._checked(self._signature(session, identifier, digest), digest, public))

    def generate(self, name: str) -> tuple[bytes, ec.EllipticCurvePublicKey]:
        """Make a key; its CKA_ID and its public half."""
        identifier = secrets.token_bytes(_ID_BYTES)
        return identifier, self._do(lambda session: _generated(session, name, identifier))

    def destroy(self, identifier: bytes) -> None:
        """Delete a key in the token, both halves."""
        self._do(lambda session: _destroy(session, identifier))

    def check(self) -> str:
        """Log in if need be; what the token calls itself."""
        return self._do(lambda session: f"{session.token.manufacturer_id} {session.token.model}")

    def close(self) -> None:
        """End the session; the next call begins another."""
        with self._module.lock:
            self._forget()

    def _do(self, work: Callable[[pkcs11.Session], _Result]) -> _Result:
        if not self._module.lock.acquire(timeout=_PATIENCE):
            raise TokenAwayError(token_words.silent(self.label))
        try:
            result = self._tried(work)
        except KeyUnusableError as error:
            self._note(error.code)
            raise
        finally:
            self._module.lock.release()
        self._note("")
        return result

    def _tried(self, work: Callable[[pkcs11.Session], _Result]) -> _Result:
        if self._session is not None and self._start == self._module.starts:
            with suppress(PKCS11Error):
                return work(self._session)
        self._forget()
        try:
            self._session, self._start = self._opened(), self._module.starts
            return work(self._session)
        except PKCS11Error as error:
            self._forget()
            raise token_words.explained(error, self.label) from error

    def _opened(self) -> pkcs11.Session:
        pin = self._pin()
        mark = hashlib.sha256(pin.encode("utf-8")).digest()
        if mark == self._refused:
            raise TokenPinError(token_words.refused(self.label))
        try:
            return self._logged_in(pin)
        except PinIncorrect:
            self._refused = mark
            raise

    def _logged_in(self, pin: str) -> pkcs11.Session:
        token = pkcs11.lib(self._path).get_token(token_label=self.label)
        if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
            raise TokenPinError(token_words.last_try(self.label))
        try:
            return token.open(rw=True, user_pin=pin)
        except UserAlreadyLoggedIn:  # by another session of this process
            return token.open(rw=True)

    def _key(self, session: pkcs11.Session, identifier: bytes) -> Any:  # noqa: ANN401 - see _keys
        if identifier not in self._keys:
            self._keys[identifier] = session.get_key(ObjectClass.PRIVATE_KEY, KeyType.EC, id=identifier)
        return self._keys[identifier]

    def _signature(self, session: pkcs11.Session, identifier: bytes, digest: bytes) -> bytes:
        raw = self._key(session, identifier).sign(digest, mechanism=Mechanism.ECDSA)
        return encode_dss_signature(int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))

    def _checked(self, signature: bytes, digest: bytes, public: ec.EllipticCurvePublicKey) -> bytes:
        try:
            public.verify(signature, digest, _PREHASHED)
        except InvalidSignature:
            raise KeyUnusableError(token_words.faulty(self.label)) from None
        return signature

    def _forget(self) -> None:
        """Have the module look afresh: without that, many see no token that comes later."""
        self._session = None
        self._keys.clear()
        self._module.starts += 1
        with suppress(PKCS11Error):
            pkcs11.lib(self._path).finalize()

    def _note(self, trouble: str) -> None:
        """A change is logged once."""
        if trouble != self._trouble:
            self._trouble = trouble
            if trouble:
                _log.error("token can't be used", extra={"error": trouble})
            else:
                _log.info("token can be used again")


def _generated(session: pkcs11.Session, name: str, identifier: bytes) -> ec.EllipticCurvePublicKey:
    parameters: Any = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: _CURVE}, local=True)
    public, private = parameters.generate_keypair(
        store=True,
        id=identifier,
        label=f"lamplight {name}",
        capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
        private_template=_STAYS_INSIDE,
    )
    if not all(private[each] for each in _NEVER_LEFT):
        _destroy(session, identifier)
        raise KeyUnusableError(token_words.leaky(session.token.label))
    loaded = load_der_public_key(encode_ec_public_key(public))
    assert isinstance(loaded, ec.EllipticCurvePublicKey)  # noqa: S101 - as it was asked for
    return loaded


def _destroy(session: pkcs11.Session, identifier: bytes) -> None:
    for each in list(session.get_objects({Attribute.ID: identifier})):
        each.destroy()
