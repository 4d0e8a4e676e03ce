"""Recipes and contracts: versions that never change, and labels that move over them."""
