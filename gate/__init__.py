"""The gate terminal. What it will be: docs/gate.md."""
