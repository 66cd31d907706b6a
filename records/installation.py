"""A data folder from nothing to open records, step by step, each safe to repeat.

``records.toml`` (settings), ``keys/``, ``tls/``, and ``records.sqlite`` unless the settings name a server. Each step
says in one sentence what it did.
"""

from collections.abc import Callable
from pathlib import Path

from civic.clock import Clock
from forms.trust import ISSUERS_FILE, REVOKED_FILE, ROOT_FILE, URL_FILE
from records import contact_key, databases, intake_keys, keys, settings
from records.context import Records
from records.criminal.seeded import SeededCriminalRecords
from records.errors import DataFolderError, KeyUnusableError, RefusedError
from records.key_store import KeyStore
from records.messages.gateway import gateway_of
from records.population import seeding
from records.population.http_source import population_of
from records.population.protected import ProtectedPopulation
from records.population.seeded import SeededPopulation
from records.services import policy
from records.services.tenancies import demonstration
from records.tls import renew_server_certificate
from records.token_keys import token_of
from records.tokens import Token

Say = Callable[[str], None]
KeysOf = Callable[[Path, Clock, Token | None], KeyStore]

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600  # the folder may be one that an administrator made


def prepare(folder: Path, clock: Clock, say: Say) -> Records:
    """Make what is missing, bring the rest up to date, and open it."""
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    if settings.write_default(folder):
        say(f"Settings written: {folder / settings.FILE_NAME}.")
    token = token_of(folder, settings.load(folder).keys)
    if keys.create_missing(folder / "keys", clock.now(), token):
        say("Keys made. They belong to a fictional bureau, so every paper is a specimen (样张).")
    if keys.renew_timestamp_key(folder / "keys", clock.now(), token):
        say("Key of the time stamps made.")
    if intake_keys.create_missing(folder / "keys", clock.now()):
        say("Key that intakes are sealed to made.")
    contact_key.create_missing(folder / "keys")
    _check_token(token, say)
    if not settings.load(folder).database.url:
        (folder / databases.FILE).touch(mode=_FILE_MODE)  # SQLite gives its other files the same mode
    if advice := databases.about_password(settings.load(folder).database):
        say(advice)
    records = _open(folder, clock, token)
    databases.bring_up_to_date(records.database, records.settings.database)
    if renew_server_certificate(folder / "tls", records.keys, records.settings.server, clock.now()):
        say(f"TLS certificate issued for {records.settings.server.public_name}.")
    seed(records, say)
    say(f"Policy version {policy.issue(records).version} is in force.")
    if let := demonstration.let_flats(records):
        say(f"Flats let: {let}, to made-up tenants by made-up owners.")
    _ask_for_time(records, say)
    return records


def open_existing(folder: Path, clock: Clock, keys_of: KeysOf = KeyStore) -> Records:
    """Open a data folder that ``prepare`` has made. What is wrong with a server is said before it is asked anything."""
    missing = DataFolderError(
        f"there are no records in {folder}; if they are elsewhere, say --data DIR; if there are none yet, make them "
        f"with: records --data {folder} init"
    )
    if not (folder / settings.FILE_NAME).is_file():
        raise missing
    chosen = settings.load(folder)
    if not (folder / ("keys" if chosen.database.url else databases.FILE)).exists():
        raise missing
    records = _open(folder, clock, token_of(folder, chosen.keys), keys_of)
    if chosen.database.url and not databases.require_known(records.database, chosen.database):
        records.database.close()
        raise missing
    return records


def seed(records: Records, say: Say) -> None:
    """Fill the population store; say what came and what could not."""
    result = seeding.seed(records.database, records.settings.population)
    if result.added or result.portraits:
        say(f"Residents added: {result.added}, all of them made up; portraits: {result.portraits}.")
    for name in result.portraits_missing:
        say(f"The portrait {name} is not installed; its resident has none until the next run.")


def write_trust(records: Records, folder: Path, url: str) -> None:
    """What the ``verify`` command relies on: the root, the issuers, and where to ask."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ROOT_FILE).write_text(records.root_pem, "ascii")
    (folder / ISSUERS_FILE).write_text("".join(records.issuers_pem), "ascii")
    (folder / REVOKED_FILE).write_text(records.revoked_pem, "ascii")
    (folder / URL_FILE).write_text(f"{url}\n", "utf-8")


def url_of(records: Records, port: int | None = None) -> str:
    """Where devices and verifiers reach the service."""
    server = records.settings.server
    return f"https://{server.public_name}:{port or server.port}"


def _ask_for_time(records: Records, say: Say) -> None:
    """Whether the authority outside, if there is one, can be used; the service starts without it."""
    url = records.settings.timestamps.url
    if url:
        from records.services import timestamps  # noqa: PLC0415 - most commands start faster without its HTTP client

        try:
            timestamps.ask_outside(records)
            say(f"The time-stamp authority at {url} answers.")
        except RefusedError:
            say(f"No paper can be signed now: the time-stamp authority at {url} gives no time stamp.")


def _check_token(token: Token | None, say: Say) -> None:
    """Whether it can be used; the service starts without: all but papers is there."""
    if token is None:
        return
    try:
        say(f"The token {token.label} is ready: {token.check()}.")
    except KeyUnusableError as error:
        say(f"No paper can be signed now: {error.detail}.")


def _open(folder: Path, clock: Clock, token: Token | None, keys_of: KeysOf = KeyStore) -> Records:
    chosen = settings.load(folder)
    database = databases.opened(folder, chosen.database, chosen.community)
    register = population_of(folder, chosen.population, clock, SeededPopulation(database))
    key_store = keys_of(folder / "keys", clock, token)
    return Records(
        folder=folder,
        settings=chosen,
        clock=clock,
        database=database,
        key_store=key_store,
        register=register,
        population=ProtectedPopulation(register, database, clock, key_store.number_hash),
        criminal=SeededCriminalRecords(database),
        gateway=gateway_of(folder, chosen.messages),
    )
