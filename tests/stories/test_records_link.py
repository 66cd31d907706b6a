"""The link to records, as ``sim`` and the bench panel move it."""

import time

from simulators.house import House
from simulators.records_link import RecordsLink


def answers_within(house: House, seconds: float, *, wanted: bool) -> bool:
    """Whether records come, or go, in time."""
    deadline = time.monotonic() + seconds
    while house._records_answer() is not wanted:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_records_go_and_come_back_as_the_state_file_says(house: House) -> None:
    """Down is a service that is not there, as after a cut cable."""
    with RecordsLink(house):
        house.state.set("records", "down")
        assert answers_within(house, 15, wanted=False)
        house.state.set("records", "up")
        assert answers_within(house, 30, wanted=True)
