"""Where criminal records are asked for: a port, and the seeded table that serves it by default."""
