"""A document becomes a chip's content, well or with one thing wrong (the states of the simulated device)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulators.chip import lds
from simulators.chip.applet import Personalisation
from simulators.chip.documents import SimulatedDocument
from simulators.chip.issuer import Issuer, SignatureKind, Signer, security_object

_OTHER_NUMBER = "X00000000"
_SIGNER_YEARS = timedelta(days=365)


class Press:
    """Makes chips; its authorities are those that a kiosk's store should hold. Keys are new in each process."""

    def __init__(self) -> None:
        self.authorities = {country: Issuer(country) for country in ("CN", "UT")}
        self._strangers = {country: Issuer(country) for country in self.authorities}
        self._signers: dict[tuple[str, SignatureKind, str], Signer] = {}

    def make(self, document: SimulatedDocument, fault: str = "ok") -> Personalisation:
        """The chip of ``document``. Faults that are not of its content leave it as it is."""
        groups = self._groups(document)
        sod = self._security(document, fault, groups)
        files = _tampered(groups, fault) | {lds.COMMON: lds.common(groups), lds.SECURITY: sod}
        if fault == "missing-dg2":
            del files[lds.DG2]
        pace = None if fault == "bac-only" else document.pace
        longest = 0 if fault == "no-extended-length" else document.longest
        return Personalisation(
            files=files,
            master_files=_master_files(pace.card_access() if pace else b"", longest),
            information=_key_of(document, fault).key.information(),
            bac=document.bac and not (fault == "pace-only" and pace),
            pace=pace,
            longest=longest,
            application=fault != "not-a-passport",
        )

    def _groups(self, document: SimulatedDocument) -> dict[int, bytes]:
        image = lds.photograph(document.picture, document.image_bytes, jpeg_2000=document.jpeg_2000)
        details = lds.Details(
            document.chinese_name, document.personal_number, document.issuer, f"{document.issued:%Y%m%d}"
        )
        return {
            lds.DG1: lds.zone(document.zone),
            lds.DG2: lds.face(image, jpeg_2000=document.jpeg_2000),
            lds.DG11: lds.personal_details(details),
            lds.DG12: lds.document_details(details),
        }

    def _security(self, document: SimulatedDocument, fault: str, groups: Mapping[int, bytes]) -> bytes:
        signed_at = datetime.combine(document.issued, datetime.min.time(), UTC)
        named = self._signer(document, fault, signed_at)
        by = self._signer(document, "another", signed_at) if fault == "forged-signature" else None
        numbered = {file & 0xFF: content for file, content in groups.items()}
        return security_object(numbered, named, signed_at, by)

    def _signer(self, document: SimulatedDocument, fault: str, at: datetime) -> Signer:
        """One for each country, way of signing and fault: real states change theirs every few months."""
        which = fault if fault in {"wrong-signer", "expired-signer", "another"} else ""
        key = (document.country, document.signature, which)
        if key not in self._signers:
            issuer = (self._strangers if which == "wrong-signer" else self.authorities)[document.country]
            end = at - timedelta(days=1) if which == "expired-signer" else at + 11 * _SIGNER_YEARS
            self._signers[key] = issuer.signer(document.signature, end - 12 * _SIGNER_YEARS, end)
        return self._signers[key]

    def fill_store(self, folder: Path) -> None:
        """What an operator does by hand: put the authorities' certificates into the kiosk's folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for country, issuer in self.authorities.items():
            part = folder / f"csca-{country.lower()}.part"
            part.write_bytes(issuer.pem())
            part.replace(part.with_suffix(".pem"))


def _key_of(document: SimulatedDocument, fault: str) -> SimulatedDocument:
    """The document that the chip's keys are made of."""
    return replace(document, number=_OTHER_NUMBER) if fault == "wrong-key" else document


def _tampered(groups: Mapping[int, bytes], fault: str) -> dict[int, bytes]:
    """One letter of the name, or one bit of the picture, is not as it was signed."""
    changed = dict(groups)
    if fault == "tampered-dg1":
        at = changed[lds.DG1].index(b"<<") - 1
        letter = b"A" if changed[lds.DG1][at : at + 1] != b"A" else b"B"
        changed[lds.DG1] = changed[lds.DG1][:at] + letter + changed[lds.DG1][at + 1 :]
    if fault == "tampered-dg2":
        changed[lds.DG2] = changed[lds.DG2][:-9] + bytes([changed[lds.DG2][-9] ^ 1]) + changed[lds.DG2][-8:]
    return changed


def _master_files(card_access: bytes, longest: int) -> dict[int, bytes]:
    files = {lds.CARD_ACCESS: card_access, lds.CARD_ATTRIBUTES: lds.card_attributes(longest) if longest else b""}
    return {file: content for file, content in files.items() if content}
