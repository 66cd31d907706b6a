"""Two letters of a certificate and three of a zone mean one state."""

import pytest

from devices.travel_document.states import may_sign


@pytest.mark.parametrize(
    ("country", "state"),
    [
        ("CN", "CHN"),
        ("HK", "CHN"),  # passports of the special administrative region
        ("MO", "CHN"),
        ("DE", "D"),  # Germany's zone has one letter
        ("SE", "SWE"),
        ("CH", "CHE"),
        ("CL", "CHL"),
        ("GB", "GBR"),
        ("GB", "GBD"),  # the overseas territories'
        ("KS", "RKS"),
        ("UN", "UNO"),
        ("EU", "EUE"),
        ("UT", "UTO"),
        ("UNO", "UNO"),  # written as in the zone
    ],
)
def test_a_state_signs_its_own(country: str, state: str) -> None:
    """ISO 3166-1, and what ICAO 9303-3 adds."""
    assert may_sign(country, state)


@pytest.mark.parametrize(
    ("country", "state"),
    [("SW", "SWE"), ("CH", "CHN"), ("CH", "CHL"), ("TW", "CHN"), ("CN", "TWN"), ("", "CHN"), ("", ""), ("C", "CHN")],
)
def test_no_state_signs_another_s(country: str, state: str) -> None:
    """Nor does an authority that does not say whose it is."""
    assert not may_sign(country, state)
