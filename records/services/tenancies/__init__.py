"""Rights in flats: what residents hand in is carried out by the table of consents, or put before an officer."""
