"""Who sees what of a tenancy: the committed table is what every party's real pages show; what must not be, is not."""

from pathlib import Path
from typing import Final

import pytest

from records import installation
from records.context import Records
from tests.records.sight_table import PAGE, PARTIES, World, drawn, table
from tests.support.clocks import StillClock
from tests.support.records_server import copied

NEVER: Final[dict[str, tuple[str, ...]]] = {
    "property desk": (
        "the resident's name",
        "the resident's number",
        "who else lives there",
        "how many live there",
        "who owns it",
        "the telephone's number",
        "pages of the contract",
        "when they came in, and where",
        "the face's vector",
    ),
    "officer, looking around": (
        "the resident's number",
        "who else lives there",
        "who owns it",
        "by what they come in",
        "pages of the contract",
        "when they came in, and where",
    ),
    "officer, for a purpose": ("when they came in, and where", "the face's vector", "the telephone's number"),
    "landlord": (
        "the resident's number",
        "who else lives there",
        "by what they come in",
        "the card's last four",
        "the telephone's number",
        "pages of the contract",
        "when they came in, and where",
        "the face's vector",
    ),
    "co-occupant": (
        "the resident's name",
        "the resident's number",
        "who owns it",
        "by what they come in",
        "the telephone's number",
        "pages of the contract",
        "when they came in, and where",
    ),
    "gate": (
        "the resident's name",
        "the resident's number",
        "who else lives there",
        "who owns it",
        "the flat",
        "the telephone's number",
    ),
    "records' database": ("when they came in, and where", "the face's vector"),
}


@pytest.fixture(scope="module")
def found(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    folder, clock = tmp_path_factory.mktemp("sight"), StillClock()
    with copied(prepared, folder / "records") as made:
        records: Records = installation.open_existing(made, clock)
        world = World(records, clock, folder)
        world.lives()
        seen = table(world)
        records.database.close()
    return seen


def test_the_committed_table_is_what_the_pages_show(found: dict[tuple[str, str], str]) -> None:
    """When this fails: python -m tests.records.sight_table, and read what changed."""
    assert PAGE.read_text("utf-8") == drawn(found)


@pytest.mark.parametrize("party", NEVER)
def test_what_a_party_must_never_see_is_on_none_of_its_pages(found: dict[tuple[str, str], str], party: str) -> None:
    assert {thing: found[thing, party] for thing in NEVER[party] if found[thing, party]} == {}


def test_whoever_runs_machines_or_reads_the_audit_sees_nobody(found: dict[tuple[str, str], str]) -> None:
    assert {thing for (thing, party), word in found.items() if party == "other roles" and word} == set()


def test_everything_is_seen_by_somebody_who_may(found: dict[tuple[str, str], str]) -> None:
    """Or what is looked for would not be what is shown."""
    names = dict.fromkeys(thing for thing, _ in found)
    assert {name for name in names if not any(found[name, party] for party in PARTIES)} == set()
