"""Webhooks: what happened is told to other programs, signed, again and again until they have it."""
