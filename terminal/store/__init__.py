"""What a terminal keeps on disk: one SQLite file, opened once, written durably, holding nothing personal."""
