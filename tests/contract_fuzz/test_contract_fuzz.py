"""Some hundred cases of ``make fuzz``: every answer of a running service is one that its description has."""

from pathlib import Path

import pytest

from tests.contract_fuzz.campaign import fuzz, target
from tests.contract_fuzz.table import complaints, table, verdict

SEED = 20261123
CASES = 150
EXAMPLES = 5
MOST_OF_THEM = 18  # of 33 operations: what is planted gets past the first refusal


@pytest.mark.timeout(300)  # one thread of requests, and whoever else works on this machine
def test_no_answer_is_a_server_error_or_undocumented(tmp_path: Path) -> None:
    """Made-up requests, good and bad, with real visits and papers among them (shown with ``pytest -s``)."""
    with target(tmp_path) as running:
        campaign = fuzz(running, SEED, CASES, EXAMPLES, coverage=False)
    print(f"\n{table(campaign)}\n{verdict(campaign)}")
    assert complaints(campaign) == ""
    assert campaign.count >= CASES
    assert not [answer for answer in campaign.cases if answer[1] in {0, 500}]
    assert len(campaign.carried_out()) > MOST_OF_THEM
