"""The drivers: each device has an ``api`` (what it offers), a ``wire`` (bytes, opens nothing) and a ``driver``."""
