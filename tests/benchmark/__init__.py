"""Measurements against peers: ``make benchmark``. Ratios from one run, not seconds of one machine."""
