"""A technician's PIN while it is typed: how long it may become, and what each key makes of it. Pure."""

from civic.masking import Personal

PIN_LONGEST = 12


def with_digit(pin: Personal, digit: Personal) -> Personal:
    """One more, unless it is full."""
    return Personal((pin.reveal() + digit.reveal())[:PIN_LONGEST])


def without_last(pin: Personal) -> Personal:
    """One less."""
    return Personal(pin.reveal()[:-1])
