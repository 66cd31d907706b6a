"""What kiosk and gate share: theme, widgets, words, jobs, supervision, store base."""
