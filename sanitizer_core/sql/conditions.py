"""Portable functions: conditions."""

from __future__ import annotations

from sanitizer_core.sql.function import Function

FUNCTIONS: tuple[Function, ...] = ()
