"""A lease opens the gate, from the first card to the last day, on real parts: ``make lease``."""
