"""PDFBox preflight, as ``make papers`` asks it too."""

from simulators.preflight import complaints

__all__ = ["complaints"]
