"""Records' side of gates: what they are told of who may come in, and what they tell."""
