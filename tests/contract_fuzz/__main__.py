"""``make fuzz CASES= SEED=``: hold the description against a running service. Exit status 1: something broke."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.contract_fuzz.campaign import fuzz, target
from tests.contract_fuzz.table import complaints, table, verdict


def main() -> int:
    """Run and print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=100, help="of each operation in a round")
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, target(Path(folder)) as running:
        campaign = fuzz(running, chosen.seed, chosen.cases, chosen.examples)
    print(table(campaign), complaints(campaign), sep="\n\n")
    print(f"{verdict(campaign)}, in {time.monotonic() - began:.0f} s")
    return 1 if campaign.wrong or campaign.count < chosen.cases else 0


if __name__ == "__main__":
    sys.exit(main())
