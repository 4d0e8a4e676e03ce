"""Restoring: the input of a run as a dataset of its own."""
