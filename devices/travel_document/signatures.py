"""Public keys and signatures as states use them on travel documents (ICAO 9303-12, 4.1.6 and 7.1).

A state may write its curve out in full instead of naming it, as the standard asks; cryptography knows names, so the
figures are compared with those of the curves it knows, all of them: a curve with another generator is another curve.
"""

from typing import Any, Final

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from ecdsa import curves as known

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - documents made with it are valid still
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_CURVES: Final = (
    (known.NIST192p, ec.SECP192R1()),
    (known.NIST224p, ec.SECP224R1()),
    (known.NIST256p, ec.SECP256R1()),
    (known.NIST384p, ec.SECP384R1()),
    (known.NIST521p, ec.SECP521R1()),
    (known.BRAINPOOLP256r1, ec.BrainpoolP256R1()),
    (known.BRAINPOOLP384r1, ec.BrainpoolP384R1()),
    (known.BRAINPOOLP512r1, ec.BrainpoolP512R1()),
)


def load_key(info: keys.PublicKeyInfo) -> PublicKey:
    """The key. Raises ValueError and what asn1crypto raises: malformed, or of a kind that signs no document."""
    try:
        key = _written_out(info) if _is_written_out(info) else load_der_public_key(info.dump())
    except UnsupportedAlgorithm:
        raise ValueError("key") from None
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise ValueError("key")  # noqa: TRY004 - of bytes from outside, not of a caller's mistake
    return key


def verified(
    key: PublicKey, algorithm: algos.SignedDigestAlgorithm, signature: bytes, text: bytes, digest: str | None = None
) -> bool:
    """Whether ``key`` made ``signature`` over ``text``. ``digest``: what an algorithm that names no hash goes with.

    Raises what asn1crypto raises on a malformed algorithm. An algorithm that isn't known verifies nothing.
    """
    try:
        _verify(key, algorithm, signature, text, digest)
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _verify(
    key: PublicKey, algorithm: algos.SignedDigestAlgorithm, signature: bytes, text: bytes, digest: str | None
) -> None:
    kind = algorithm.signature_algo
    names_none = algorithm["algorithm"].native in {"rsassa_pkcs1v15", "ecdsa"}
    chosen = HASHES.get(digest or "" if names_none else algorithm.hash_algo)
    if chosen is None:
        raise InvalidSignature
    match key:
        case ec.EllipticCurvePublicKey() if kind == "ecdsa":
            key.verify(signature, text, ec.ECDSA(chosen))
        case rsa.RSAPublicKey() if kind == "rsassa_pkcs1v15":
            key.verify(signature, text, padding.PKCS1v15(), chosen)
        case rsa.RSAPublicKey() if kind == "rsassa_pss":
            key.verify(signature, text, _pss(algorithm["parameters"]), chosen)
        case _:
            raise InvalidSignature


def _pss(parameters: algos.RSASSAPSSParams) -> padding.PSS:
    mask = HASHES.get(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native)
    salt = parameters["salt_length"].native
    if mask is None or salt < 0:
        raise InvalidSignature
    return padding.PSS(padding.MGF1(mask), salt)


def _is_written_out(info: keys.PublicKeyInfo) -> bool:
    return bool(info.algorithm == "ec" and info["algorithm"]["parameters"].name == "specified")


def _written_out(info: keys.PublicKeyInfo) -> PublicKey:
    domain = info["algorithm"]["parameters"].chosen
    for library, curve in _CURVES:
        if _is(domain, library):
            return ec.EllipticCurvePublicKey.from_encoded_point(curve, bytes(info["public_key"]))
    raise ValueError("curve")


def _is(domain: keys.SpecifiedECDomain, library: Any) -> bool:  # noqa: ANN401 - ecdsa has no types
    curve, generator = library.curve, library.generator
    return (
        domain["field_id"]["field_type"].native == "prime_field"
        and domain["field_id"]["parameters"].native == curve.p()
        and _number(domain["curve"]["a"].native) == curve.a() % curve.p()
        and _number(domain["curve"]["b"].native) == curve.b() % curve.p()
        and domain["order"].native == library.order
        and domain["cofactor"].native in {None, 1}
        and _is_point(bytes(domain["base"]), generator)
    )


def _is_point(encoded: bytes, point: Any) -> bool:  # noqa: ANN401
    return encoded in {bytes(point.to_bytes(form)) for form in ("uncompressed", "compressed")}


def _number(octets: bytes) -> int:
    return int.from_bytes(octets, "big")
