"""What a PKCS#11 token's refusals mean, in words that an operator can act on."""

from typing import Final

from pkcs11 import exceptions as told

from records.errors import KeyUnusableError, TokenAwayError, TokenLockedError, TokenPinError

_REFUSED = "the token {label} refuses its PIN: give the right one; the wrong one is not tried again"
_LAST = "the token {label} locks itself at the next wrong PIN: log in once with the right one, with its maker's tool"
_NO_PIN = "the token {label} has no PIN in force: have its security officer set one"
_LOCKED = "the token {label} is locked, after too many wrong PINs: have its security officer unlock it"
_AWAY = "there is no token {label}: plug it in, or correct its label in records.toml"
_SEVERAL = "there are several tokens {label}: take the others out"
_NO_KEY = "a key is not in the token {label}: restore the token, or rotate the key"
_FAILED = "the token {label} failed ({name}): see what its maker's tools say of it"
_FAULTY = "a key in the token {label} does not belong to its certificate, or the token is faulty"
_LEAKY = "the token {label} makes keys that could be taken out: use another token"
_SILENT = "the token {label} does not answer: see whether it hangs, then start records anew"
_NOT_LOADED = "the PKCS#11 module of records.toml can't be loaded: install it, or correct its path"

_MEANINGS: Final[dict[type[told.PKCS11Error], tuple[type[KeyUnusableError], str]]] = {
    told.PinIncorrect: (TokenPinError, _REFUSED),
    told.PinInvalid: (TokenPinError, _REFUSED),
    told.PinLenRange: (TokenPinError, _REFUSED),
    told.PinExpired: (TokenPinError, _NO_PIN),
    told.UserPinNotInitialized: (TokenPinError, _NO_PIN),
    told.PinLocked: (TokenLockedError, _LOCKED),
    told.NoSuchToken: (TokenAwayError, _AWAY),
    told.TokenNotPresent: (TokenAwayError, _AWAY),
    told.TokenNotRecognised: (TokenAwayError, _AWAY),
    told.DeviceRemoved: (TokenAwayError, _AWAY),
    told.MultipleTokensReturned: (TokenAwayError, _SEVERAL),
    told.NoSuchKey: (KeyUnusableError, _NO_KEY),
    told.MultipleObjectsReturned: (KeyUnusableError, _NO_KEY),
    told.PKCS11Error: (TokenAwayError, _NOT_LOADED),  # nothing but loading raises the base itself
}


def explained(error: told.PKCS11Error, label: str) -> KeyUnusableError:
    """The error to raise for what the module of token ``label`` said."""
    kind, words = _MEANINGS.get(type(error), (TokenAwayError, _FAILED))
    return kind(words.format(label=label, name=type(error).__name__))


def refused(label: str) -> str:
    """Of a wrong PIN."""
    return _REFUSED.format(label=label)


def last_try(label: str) -> str:
    """Of a PIN that may be wrong once more."""
    return _LAST.format(label=label)


def faulty(label: str) -> str:
    """Of a signature that does not hold."""
    return _FAULTY.format(label=label)


def leaky(label: str) -> str:
    """Of keys that do not stay inside."""
    return _LEAKY.format(label=label)


def silent(label: str) -> str:
    """Of a call that does not come back."""
    return _SILENT.format(label=label)
