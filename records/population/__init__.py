"""Where residents come from: a port, and the seeded store that serves it by default."""
