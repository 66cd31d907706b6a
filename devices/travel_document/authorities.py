"""The operator's store of country signing authorities (CSCA, ICAO 9303-12): who may sign a travel document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import cms, core, pem

from devices.travel_document.certificates import Certificate

_SUFFIXES = frozenset({".cer", ".crt", ".der", ".ml", ".pem"})
_MASTER_LIST = "2.23.136.1.1.2"  # id-icao-cscaMasterList, ICAO 9303-12, 9
_LARGEST_FILE = 64 * 1024 * 1024  # the lists that states publish are below 5 MB
_MALFORMED = (OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)  # what asn1crypto lets out


class _Certificates(core.SetOf):  # type: ignore[misc]  # asn1crypto is untyped
    _child_spec = core.Any


class _MasterList(core.Sequence):  # type: ignore[misc]
    """``CscaMasterList ::= SEQUENCE { version, certList SET OF Certificate }`` (ICAO 9303-12, 9.2)."""

    _fields = [("version", core.Integer), ("certificates", _Certificates)]  # noqa: RUF012 - asn1crypto's way


@dataclass(frozen=True, slots=True)
class Authorities:
    """Country signing certificates, each trusted because the operator put it there.

    ``problems``: the names of files with nothing usable, or with some of it unusable, for the technician.
    """

    certificates: tuple[Certificate, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many different certificates there are."""
        return len(self.certificates)

    @classmethod
    def load(cls, folder: Path) -> "Authorities":
        """Read every certificate and master list (DER or PEM) in ``folder``; what is broken is skipped and named."""
        found: dict[bytes, Certificate] = {}
        problems = []
        for path in _files(folder):
            try:
                whole = _read(path, found)
            except _MALFORMED:
                whole = False
            if not whole:
                problems.append(path.name)
        return cls(tuple(found.values()), tuple(problems))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())


def _read(path: Path, found: dict[bytes, Certificate]) -> bool:
    """Add the file's certificates to ``found``. Whether all of them could be."""
    if path.stat().st_size > _LARGEST_FILE:
        return False
    read, whole = 0, True
    for der in _certificates(path.read_bytes()):
        read += 1
        try:
            found[der] = Certificate.load(der)
        except _MALFORMED:  # one state's certificate of a kind unknown here must not cost a master list's others
            whole = False
    return whole and read > 0


def _certificates(content: bytes) -> Iterator[bytes]:
    """Each certificate of a file, in DER."""
    for der in _parts(content):
        if isinstance(core.load(der, strict=True)[0], core.ObjectIdentifier):
            yield from _listed(der)
        else:
            yield der


def _parts(content: bytes) -> Iterable[bytes]:
    if pem.detect(content):
        return [der for _, _, der in pem.unarmor(content, multiple=True)]
    return [content]


def _listed(der: bytes) -> Iterator[bytes]:
    """A master list's certificates. Its own signature is not asked: the operator vouches for what is in the folder."""
    content = cms.ContentInfo.load(der)["content"]["encap_content_info"]
    if content["content_type"].dotted != _MASTER_LIST:
        raise ValueError("not a master list")
    for certificate in _MasterList.load(bytes(content["content"]))["certificates"]:
        yield certificate.dump()
