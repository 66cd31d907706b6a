"""Two check digits behind a number (ISO/IEC 7064, MOD 97-10): they find every single wrong digit and every swap of two
neighbours."""

_MODULUS = 97


def check_digits(digits: str) -> str:
    """The two digits that make the whole number 1 modulo 97."""
    return f"{_MODULUS + 1 - int(digits + '00') % _MODULUS:02}"


def holds(digits: str) -> bool:
    """Whether the last two are those of the ones before."""
    return int(digits) % _MODULUS == 1
