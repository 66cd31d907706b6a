"""What is real in a running service, put into well-formed requests so that they get past the first refusal."""

import base64
import hashlib
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from schemathesis import Case, HookContext, hooks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.transport.serialization import Binary

from backend_client.contract.changes import Snapshot
from backend_client.contract.papers import Reserve, SealRequest
from backend_client.enrolment import csr
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from forms.paper import PaperKind
from tests.support.identification import proven_subject
from tests.support.records_client import DENG, LAN

_OFTEN = 0.8  # the others ask for what is not there
_PAPERS = 4
_PURPOSE = "move_hukou"
_DIGEST = base64.b64encode(bytes(32)).decode()


@dataclass(frozen=True, slots=True)
class Seeds:
    """``real``: name of a value -> what it may be. Of visits, identity is proven; of papers, half are sealed."""

    real: Mapping[str, tuple[str, ...]]

    def plant(self, values: dict[str, Any], chance: random.Random) -> None:
        """Some values of what records gave out or know, replaced by real ones."""
        for name in sorted(self.real.keys() & values.keys()):
            if chance.random() < _OFTEN:
                values[name] = chance.choice(self.real[name])


def sown(session: RecordsSession, key: Path, seed: int) -> Seeds:
    """Two visits and their papers."""
    now = SystemClock().now()
    subjects = tuple(
        proven_subject(session, key, card, f"fuzz-{seed}-{card.id_number[6:10]}", now) for card in (DENG, LAN)
    )
    serials = tuple(_paper(session, subjects[0], sealed=number % 2 > 0) for number in range(_PAPERS))
    cursor = Snapshot.model_validate_json(base64.b64decode(session.snapshot().payload)).cursor
    known = {"digest": (_DIGEST,), "purpose": (_PURPOSE,), "csr_pem": (csr(generate_private_key(SECP256R1()), "fuzz"),)}
    return Seeds(known | {"subject": subjects, "serial": serials, "cursor": (cursor,)})


@contextmanager
def planted(seeds: Seeds, seed: int) -> Iterator[None]:
    """Have them in well-formed paths, queries and bodies meanwhile, and each file under its own hash."""
    chance = random.Random(seed)

    def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
        for values in _well_formed(case):
            seeds.plant(values, chance)
        if isinstance(case.body, Binary) and not _spoilt(case, ParameterLocation.PATH):
            case.path_parameters["sha256"] = hashlib.sha256(case.body.data).hexdigest()

    schemathesis.hook("before_call")(before_call)
    try:
        yield
    finally:
        hooks.unregister(before_call)


def _well_formed(case: Case[Any]) -> Iterator[dict[str, Any]]:
    places = {
        ParameterLocation.PATH: case.path_parameters,
        ParameterLocation.QUERY: case.query,
        ParameterLocation.BODY: case.body,
    }
    for place, values in places.items():
        if isinstance(values, dict) and not _spoilt(case, place):
            yield values


def _spoilt(case: Case[Any], place: ParameterLocation) -> bool:
    """Whether the request is to be refused for what stands there."""
    return case.meta is None or case.meta.is_negative_at(place)


def _paper(session: RecordsSession, subject: str, *, sealed: bool) -> str:
    asked = Reserve(subject=subject, kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose=_PURPOSE)
    serial = session.reserve(asked, uuid4()).serial
    if sealed:
        session.seal(serial, SealRequest(digest=_DIGEST), uuid4())
    return serial
