"""The page on which anybody checks a paper that they hold, by its own code. No login, no cookie, no script."""
