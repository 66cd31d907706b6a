"""How fast records answer, beside an empty route of the same server in the same run: ``make load`` prints a table."""
