"""Use cases: each takes the open records and a typed request, and returns a typed answer or raises RefusedError."""
