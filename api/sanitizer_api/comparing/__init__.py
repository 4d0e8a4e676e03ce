"""Comparing: two runs or datasets side by side."""
