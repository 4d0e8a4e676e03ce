"""Who did what: entries that nobody can change, each bound to the one before by its hash."""
