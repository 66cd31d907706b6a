"""The HTTP API, version 1: one router for each module of ``backend_client.contract``."""
