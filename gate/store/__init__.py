"""The gate's own tables, in one encrypted file."""
