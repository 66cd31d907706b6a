"""The officers' console: HTML pages at /console, without a script, for a desk, a phone or a screen reader."""
