"""The rules that come with the service, as data."""
