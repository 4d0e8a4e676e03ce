"""The command line."""

from sanitizer_core.cli.app import app, main

__all__ = ["app", "main"]
