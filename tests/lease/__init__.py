"""A lease opens the gate, from the first card to a renewal, on real parts: ``make lease``."""
