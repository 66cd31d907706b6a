"""``make load`` in small: a few requests of each kind, all of them carried out."""

from contextlib import closing
from pathlib import Path

from tests.load.campaign import BATCH, SEAL, campaign
from tests.load.client import Generator
from tests.load.measuring import Bench
from tests.load.table import table
from tests.load.works import IN_A_BATCH, Sizes
from tests.support.records_server import running_records

_INTAKES, _SEALED = "SELECT COUNT(*) FROM intakes", "SELECT COUNT(*) FROM papers WHERE digest <> ''"


def test_every_kind_of_request_is_measured(tmp_path: Path) -> None:
    """By a process of its own, against one service in all three places; what was asked for is there afterwards."""
    with closing(Generator()) as generator, running_records(tmp_path, module="tests.load.single") as service:
        running = Bench(service, service, service, (service.enrol(),), generator, "")
        result = campaign(running, Sizes(8, 4, 4, 1, 2), rounds=1)
        assert service.rows(_INTAKES) == [(2 * IN_A_BATCH,)]
        assert service.rows(_SEALED) == [(2,)]
    assert [len(figure.seen[0].latencies) for figure in result.figures.values()] == [8, 4, 4, 4, 4, 4, 1, 2]
    assert result.figures[SEAL].within_ms(0.5) <= result.figures[SEAL].within_ms(0.99)
    assert f"| {BATCH} |" in table("sqlite", result)
