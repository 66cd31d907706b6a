"""All that a use case needs, put together once by the composition root."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from civic.clock import Clock
from forms.trust import TrustStore
from records import certificates
from records.criminal.source import CriminalRecordSource
from records.key_store import KeyStore
from records.keys import KeyRing, pem
from records.messages.gateway import MessageGateway, NoGateway
from records.population.source import PopulationSource
from records.settings import Settings
from records.store.database import Database


@dataclass(frozen=True, slots=True)
class Records:
    """One community's records, open for work. ``folder``: the data folder.

    ``population``: whom others may see, and what everything asks; ``register``: the source itself, for a person with
    their own document, and for an officer whom they asked to look (tests/records/test_protection.py names the places).
    """

    folder: Path
    settings: Settings
    clock: Clock
    database: Database
    key_store: KeyStore
    register: PopulationSource
    population: PopulationSource
    criminal: CriminalRecordSource
    gateway: MessageGateway = field(default_factory=NoGateway)

    @property
    def keys(self) -> KeyRing:
        """The keys as they are now: they may change while the service runs."""
        return self.key_store.ring()

    @property
    def root_pem(self) -> str:
        """The certificate that everything here is believed by."""
        return pem(self.keys.root.certificate)

    @property
    def issuers_pem(self) -> tuple[str, ...]:
        """The certificates of the document and code keys, those in use first."""
        keys = self.keys
        earlier = (*keys.earlier("document"), *keys.earlier("code"))  # a time stamp brings its own along
        held = (keys.document.certificate, keys.code.certificate, *earlier)
        return tuple(pem(each) for each in held)

    @property
    def revocation_list(self) -> x509.CertificateRevocationList:
        """What the root takes back, as of now."""
        keys = self.keys
        return certificates.revocation_list(keys.root, keys.revoked, self.clock.now())

    @property
    def revoked_pem(self) -> str:
        """The same in PEM."""
        return self.revocation_list.public_bytes(Encoding.PEM).decode("ascii")

    @property
    def trust(self) -> TrustStore:
        """What a verifier of our papers relies on."""
        return TrustStore.from_pem(self.root_pem, "".join(self.issuers_pem), revoked_pem=self.revoked_pem)

    def keyed_hash(self, *parts: str) -> str:
        """64 hex digits that say nothing outside this installation: a plain hash of an ID number could be guessed."""
        return self.key_store.keyed_hash(*parts)

    def number_hash(self, number: str) -> str:
        """What a citizen number is known by where it must not stand itself."""
        return self.key_store.number_hash(number)
