"""The vocabulary of civil records: numbers, names, regions, periods. A leaf: standard library only."""
