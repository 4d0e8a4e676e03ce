"""Digests, in the words of Spark."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Said

LOWERINGS: Mapping[str, Said] = {"md5": "md5(:value)", "sha256": "sha2(:value, 256)"}
