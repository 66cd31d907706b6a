"""What holds whatever the store: pure functions over values, no clock, no database."""
