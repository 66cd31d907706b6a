"""State -> words (shown and spoken) and flags. Pure: no Kivy, no device, no clock of their own."""
