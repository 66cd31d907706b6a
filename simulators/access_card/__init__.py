"""The far end of the access card reader: cards with PIV's card authentication key, cards with a number, and neither."""
