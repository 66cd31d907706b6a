"""What the kiosk does for its flows: blocking work on devices and records, run as jobs."""
