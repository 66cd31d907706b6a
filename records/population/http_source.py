"""The population source of a bureau's own: HTTPS with certificates at both ends (docs/population-source.md).

It is asked anew each time: nothing of anybody is kept here. What it says is checked before it is believed, and what is
wrong with an answer is said without the answer.
"""

import base64
import binascii
from pathlib import Path
from queue import LifoQueue
from typing import TypeVar
from uuid import uuid4

import requests
from pydantic import ValidationError
from urllib3.exceptions import HTTPError

from civic.clock import Clock
from civic.document import DocumentKind
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.masking import PersonalBytes
from records.errors import PopulationAwayError
from records.population import nobody, wire
from records.population.circuit import Circuit, OpenCircuitError
from records.population.source import PopulationSource, Resident
from records.sections import PopulationSettings

_LARGEST = 256 * 1024  # bytes of an answer
_LARGEST_PORTRAIT = 64 * 1024
_PIECE = 16 * 1024
_WAIT_S = 0.5  # for a place among those who ask
_FAILURES, _PAUSE_S = 5, 10.0
_JPEG = b"\xff\xd8\xff"
_Answer = TypeVar("_Answer", bound=wire.Answer)


class HttpPopulation:
    """A register elsewhere. ``own``: the store here, for the portraits of nobody, which the register does not have."""

    def __init__(self, folder: Path, settings: PopulationSettings, clock: Clock, own: PopulationSource) -> None:
        self._url = f"{settings.url.rstrip('/')}/v1/"
        self._timeouts, self._longest_s = (settings.connect_seconds, settings.answer_seconds), settings.answer_seconds
        self._clock, self._own = clock, own
        self._circuit = Circuit(clock, settings.connections, _FAILURES, _PAUSE_S)
        self._sessions: LifoQueue[requests.Session] = LifoQueue()
        for _ in range(settings.connections):
            self._sessions.put(_session(folder, settings))

    def find(self, id_number: IdNumber) -> Resident | None:
        """The person of a citizen number."""
        question = wire.NumberQuestion(request_id=_new(), id_number=id_number.reveal())
        found = self._one("find", question)
        if found is not None and found.id_number != id_number:
            raise PopulationAwayError("it told of another person")
        return found

    def find_document(self, kind: DocumentKind, issuing_state: str, number: str) -> Resident | None:
        """The person to whom a state issued a document."""
        asked = wire.DocumentQuestion(request_id=_new(), kind=kind, issuing_state=issuing_state, number=number)
        return self._one("find-document", asked)

    def resident(self, person_id: str) -> Resident | None:
        """The person of a handle."""
        found = self._one("resident", _about(person_id))
        if found is not None and found.person_id != person_id:
            raise PopulationAwayError("it told of another person")
        return found

    def children(self, person_id: str) -> tuple[Resident, ...]:
        """Whose recorded guardian a person is."""
        return self._others("children", person_id)

    def household(self, person_id: str) -> tuple[Resident, ...]:
        """The others of a person's household."""
        return self._others("household", person_id)

    def has_portrait(self, person_id: str) -> bool:
        """Whether there is a portrait, without reading it."""
        there = self._ask("has-portrait", _about(person_id), wire.PortraitAnswer).size > 0
        return self._own.has_portrait(person_id) if nobody.is_handle(person_id) else there

    def portrait(self, person_id: str) -> PersonalBytes | None:
        """The portrait as JPEG. Of nobody the register is asked alike: it takes as long, and knows no such handle."""
        answer = self._ask("portrait", _about(person_id), wire.PortraitAnswer)
        if nobody.is_handle(person_id):
            return self._own.portrait(person_id)
        return None if answer.jpeg is None else PersonalBytes(_jpeg(answer.jpeg))

    def nobody(self, number_hash: str) -> str:
        """One of the portraits of nobody."""
        return self._own.nobody(number_hash)

    def _one(self, name: str, question: wire.Question) -> Resident | None:
        answer = self._ask(name, question, wire.OneAnswer)
        return None if answer.resident is None else _row(answer.resident)

    def _others(self, name: str, person_id: str) -> tuple[Resident, ...]:
        answer = self._ask(name, _about(person_id), wire.ManyAnswer)
        rows = tuple(_row(each) for each in answer.residents)
        ids = [each.person_id for each in rows]
        if person_id in ids or len(set(ids)) < len(ids):
            raise PopulationAwayError("it told of somebody twice")
        return tuple(sorted(rows, key=lambda each: each.birth_date))

    def _ask(self, name: str, question: wire.Question, form: type[_Answer]) -> _Answer:
        """PopulationAwayError: no answer, or none that may be believed."""
        try:
            with self._circuit.asking(_WAIT_S):
                content = self._sent(name, question)
                answer = form.model_validate_json(content)
                if answer.request_id != question.request_id:
                    raise PopulationAwayError("it answered another question")
                return answer
        except OpenCircuitError as error:
            raise PopulationAwayError(str(error)) from None
        except (requests.RequestException, HTTPError, OSError) as error:  # its text may quote the request
            raise PopulationAwayError(type(error).__name__) from None
        except ValidationError:
            raise PopulationAwayError("its answer breaks the form") from None

    def _sent(self, name: str, question: wire.Question) -> bytes:
        session = self._sessions.get_nowait()  # as many as there are places in the circuit
        try:
            with session.post(
                self._url + name,
                data=question.model_dump_json().encode("utf-8"),
                headers={"Content-Type": "application/json", "Accept-Encoding": "identity"},
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise PopulationAwayError(f"status {response.status_code}")
                return self._body(response)
        finally:
            session.cookies.clear()
            self._sessions.put(session)

    def _body(self, response: requests.Response) -> bytes:
        """Within a size, and a time: each piece may come late, all of them together not."""
        until, content = self._clock.monotonic() + self._longest_s, bytearray()
        while piece := response.raw.read1(_PIECE):
            content += piece
            if len(content) > _LARGEST:
                raise PopulationAwayError("its answer is too long")
            if self._clock.monotonic() > until:
                raise PopulationAwayError("its answer takes too long")
        return bytes(content)


def population_of(folder: Path, settings: PopulationSettings, clock: Clock, own: PopulationSource) -> PopulationSource:
    """The source that the settings name: a register elsewhere, or the store here."""
    return HttpPopulation(folder, settings, clock, own) if settings.url else own


def _session(folder: Path, settings: PopulationSettings) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy sees a number
    session.verify = str(folder / settings.root)
    session.cert = (str(folder / settings.certificate), str(folder / settings.key))
    return session


def _row(told: wire.ResidentWire) -> Resident:
    try:
        return told.resident()
    except InvalidValueError:
        raise PopulationAwayError("its answer breaks the form") from None


def _jpeg(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content.startswith(_JPEG) or len(content) > _LARGEST_PORTRAIT:
        raise PopulationAwayError("its portrait is none")
    return content


def _about(person_id: str) -> wire.PersonQuestion:
    return wire.PersonQuestion(request_id=_new(), person_id=person_id)


def _new() -> str:
    return uuid4().hex
