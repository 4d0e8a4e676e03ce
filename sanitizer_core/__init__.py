"""Data Sanitizer: recipes that clean, contracts that say what clean means, and a log of every changed cell."""
