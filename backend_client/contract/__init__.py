"""The wire types of the records API, version 1: what both ends agree on. Pydantic; no I/O."""
