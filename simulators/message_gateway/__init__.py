"""The far end of the message gateway: a small HTTPS service that keeps the texts it takes, to be read."""
