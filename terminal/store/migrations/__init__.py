"""The tables that every terminal has."""
