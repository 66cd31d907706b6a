"""Backup and restoration: what leaves the machine is sealed to a key that is not on it."""
