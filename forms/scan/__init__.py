"""Reading a sheet back from its picture: where it lies, what is printed on it, and whether that is what was signed."""
