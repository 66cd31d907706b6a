"""How soon a gate asks after a hint."""

from random import Random

from gate.services.follow import HINT_WITHIN_S
from terminal.following import Pace


def test_a_gate_follows_a_hint_sooner_than_a_kiosk() -> None:
    """Somebody may stand before it; of all that hear of a grant there are few."""
    kiosks = [Pace(Random(number), 0.0) for number in range(40)]
    gates = [Pace(Random(number), 0.0, HINT_WITHIN_S) for number in range(40)]
    for pace in (*kiosks, *gates):
        pace.succeeded(100.0)
        pace.hinted(101.0)
    assert all(pace.is_due(101.5) for pace in gates)
    assert 0 < sum(pace.is_due(101.5) for pace in kiosks) < len(kiosks) / 2
