"""The verification matrix: every way to hand in a paper, by every way in which it can be wrong."""
