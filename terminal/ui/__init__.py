"""Screens that every terminal has, and the window that shows them. They draw views and tell actions, no more."""
