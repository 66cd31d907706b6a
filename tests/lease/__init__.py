"""A lease opens the gate, from the first card to the days after its last, on real parts: ``make lease``."""
