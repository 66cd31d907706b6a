"""Numbered migrations (Alembic), run in code whenever records open their database."""
