"""The kiosk: one path from a tap to a genuine paper, and the technician's page behind it."""
