"""How a kiosk or gate talks to central records. ``contract`` is shared with the service itself."""
