"""What each paper says, how it looks, how it is sealed, signed, coded and verified."""
