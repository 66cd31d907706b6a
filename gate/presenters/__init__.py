"""State -> words (shown and spoken) and drawings. Pure: no Kivy, no device, no clock of their own."""
