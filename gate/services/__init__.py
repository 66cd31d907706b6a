"""What the gate does: blocking work on its store and records, run as jobs."""
