"""The far end of every wire, with faults. Imported by nothing but tests and the demo; never shipped."""
