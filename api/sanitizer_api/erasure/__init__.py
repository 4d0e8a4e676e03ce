"""Erasing what somebody has a right to have erased, with a receipt that holds nothing of it."""
