"""Every machine at every route: what it hears is what the table says, and the table has every route."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from records import installation
from records.context import Records
from tests.records.device_table import ASKED, KIOSKS, routes, table
from tests.support.clocks import StillClock
from tests.support.records_server import quick_settings, rules_with, write_settings


@pytest.fixture
def elsewhere(tmp_path: Path, clock: StillClock) -> Iterator[Records]:
    """Another community's records, with an authority of their own; its first kiosk has our first kiosk's number."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    write_settings(folder, quick_settings(), rules_with(share=0, answer_s=0.5))
    opened = installation.prepare(folder, clock, lambda _: None)
    yield opened
    opened.database.close()
    shutil.rmtree(folder)


def test_the_table_has_every_route(records: Records) -> None:
    """A new one says first who may ask; what is about persons and papers is for kiosks alone."""
    assert [route for route in routes(records) if route not in ASKED] == []
    assert {ASKED[route] for route in ASKED if "identifications" in route or "papers" in route} == {KIOSKS}


def test_each_machine_hears_what_the_table_says(records: Records, clock: StillClock, elsewhere: Records) -> None:
    """Revoked, with a stolen key, from another community, past its end, renewed, or a gate at a kiosk's routes."""
    rows = table(records, clock, elsewhere)
    assert len(rows) == 11 * len([route for route in routes(records) if route in ASKED])
    assert [row for row in rows if row[2] != row[3]] == []
