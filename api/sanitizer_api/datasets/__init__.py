"""Datasets: what can be cleaned; registered by its address, or uploaded."""
