"""How a gate decides and what it shows: pure. No clock, no device, no window, no words."""
