from collections.abc import Callable

import pytest
from asn1crypto import algos, keys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from ecdsa import curves as known

from devices.travel_document.signatures import load_key, verified

TEXT = b"what was signed"
RSA_KEY = rsa.generate_private_key(65537, 2048)


def _info(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) -> keys.PublicKeyInfo:
    return keys.PublicKeyInfo.load(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _named(name: str) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": name})


def _pss(digest: str, salt: int) -> algos.SignedDigestAlgorithm:
    mask = {"algorithm": "mgf1", "parameters": {"algorithm": digest}}
    values = {"hash_algorithm": {"algorithm": digest}, "mask_gen_algorithm": mask, "salt_length": salt}
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(values)})


@pytest.mark.parametrize(
    ("digest", "make"),
    [
        ("sha1", hashes.SHA1),
        ("sha224", hashes.SHA224),
        ("sha256", hashes.SHA256),
        ("sha384", hashes.SHA384),
        ("sha512", hashes.SHA512),
    ],
)
def test_rsa_signatures_of_both_kinds_are_verified(digest: str, make: Callable[[], hashes.HashAlgorithm]) -> None:
    """PKCS#1 v1.5, with the hash in its name or beside it, and PSS."""
    key = load_key(_info(RSA_KEY.public_key()))
    older = RSA_KEY.sign(TEXT, padding.PKCS1v15(), make())
    newer = RSA_KEY.sign(TEXT, padding.PSS(padding.MGF1(make()), 20), make())
    assert verified(key, _named(f"{digest}_rsa"), older, TEXT)
    assert verified(key, _named("rsassa_pkcs1v15"), older, TEXT, digest)
    assert verified(key, _pss(digest, 20), newer, TEXT)
    assert not verified(key, _named(f"{digest}_rsa"), older, TEXT + b".")
    assert not verified(key, _pss(digest, 20), older, TEXT)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.BrainpoolP256R1(), ec.BrainpoolP512R1()])
def test_ecdsa_signatures_are_verified(curve: ec.EllipticCurve) -> None:
    private = ec.generate_private_key(curve)
    signature = private.sign(TEXT, ec.ECDSA(hashes.SHA256()))
    key = load_key(_info(private.public_key()))
    assert verified(key, _named("sha256_ecdsa"), signature, TEXT)
    assert not verified(key, _named("sha384_ecdsa"), signature, TEXT)
    assert not verified(key, _named("sha256_ecdsa"), signature[:-1], TEXT)
    assert not verified(key, _named("sha256_ecdsa"), b"", TEXT)


def test_a_signature_of_another_kind_of_key_is_not_verified() -> None:
    """Nor one by a hash that is not believed any more, or that is not named at all."""
    signature = RSA_KEY.sign(TEXT, padding.PKCS1v15(), hashes.SHA256())
    elliptic = load_key(_info(ec.generate_private_key(ec.SECP256R1()).public_key()))
    key = load_key(_info(RSA_KEY.public_key()))
    assert not verified(elliptic, _named("sha256_rsa"), signature, TEXT)
    assert not verified(key, _named("sha256_ecdsa"), signature, TEXT)
    assert not verified(key, _named("md5_rsa"), signature, TEXT)
    assert not verified(key, _named("rsassa_pkcs1v15"), signature, TEXT)


def _written_out(key: ec.EllipticCurvePublicKey, library: known.Curve, **changed: int) -> keys.PublicKeyInfo:
    """The key with its curve in figures, some of them ``changed``."""
    curve, width = library.curve, library.baselen
    figures = {"p": curve.p(), "a": curve.a() % curve.p(), "b": curve.b(), "order": library.order} | changed
    generator = library.generator * changed.get("times", 1)
    domain = keys.SpecifiedECDomain(
        {
            "version": "ecdpVer1",
            "field_id": {"field_type": "prime_field", "parameters": figures["p"]},
            "curve": {"a": int(figures["a"]).to_bytes(width, "big"), "b": int(figures["b"]).to_bytes(width, "big")},
            "base": keys.ECPoint(bytes(generator.to_bytes("uncompressed"))),
            "order": figures["order"],
            "cofactor": 1,
        }
    )
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    algorithm = {"algorithm": "ec", "parameters": keys.ECDomainParameters("specified", domain)}
    return keys.PublicKeyInfo.load(
        keys.PublicKeyInfo({"algorithm": algorithm, "public_key": keys.ECPointBitString(point)}).dump()
    )


@pytest.mark.parametrize(
    ("curve", "library"),
    [(ec.SECP256R1(), known.NIST256p), (ec.BrainpoolP256R1(), known.BRAINPOOLP256r1), (ec.SECP521R1(), known.NIST521p)],
)
def test_a_curve_that_is_written_out_is_known_by_its_figures(curve: ec.EllipticCurve, library: known.Curve) -> None:
    """As ICAO 9303-12, 4.1.6.3 asks states to write it."""
    private = ec.generate_private_key(curve)
    key = load_key(_written_out(private.public_key(), library))
    assert verified(key, _named("sha256_ecdsa"), private.sign(TEXT, ec.ECDSA(hashes.SHA256())), TEXT)


@pytest.mark.parametrize("changed", [{"times": 5}, {"order": 7}, {"a": 1}, {"b": 1}, {"p": 23}])
def test_a_curve_with_one_other_figure_is_another_curve(changed: dict[str, int]) -> None:
    """Its own generator would let anybody sign for a known key."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(ValueError, match="curve"):
        load_key(_written_out(key, known.NIST256p, **changed))


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        load_key(_info(ed25519.Ed25519PrivateKey.generate().public_key()))
