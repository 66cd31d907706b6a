"""What kiosk and gate draw their screens with. Each widget has its layout in the .kv file of the same stem."""
