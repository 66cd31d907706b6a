"""The kiosk's own tables."""
