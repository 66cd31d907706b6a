"""The card side of a travel document, written apart from the reader's side, so that each checks the other."""
