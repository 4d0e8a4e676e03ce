"""Readers: everything that a run can take its rows from."""
