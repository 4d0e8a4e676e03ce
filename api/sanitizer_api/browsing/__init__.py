"""Browsing: the page of a run, for people."""
