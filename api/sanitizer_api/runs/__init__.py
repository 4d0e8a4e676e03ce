"""Runs: what was cleaned, by which recipe, with which counts and scores."""
