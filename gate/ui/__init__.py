"""Gate screens: a template each, with its layout in the .kv file of the same stem. They draw views, no more."""
