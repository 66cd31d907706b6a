"""One module for each paper: its fields, from records' own rows, in the transaction that reserves its serial."""
