"""Functions that hide values, in the words of Spark."""

from __future__ import annotations

from collections.abc import Mapping

from sanitizer_core.sql.function import Lowering, Said

SECRETS = "sanitizer_secrets"
"""A temporary view of ``name`` and ``secret``: a session variable would be written out in every plan, a subquery is not."""

_KEY = f"(SELECT max(secret) FROM {SECRETS} WHERE name = :key)"  # noqa: S608 - a name of this project's own


def _start_of(constants: Mapping[str, str]) -> Lowering:
    part = constants["part"].upper()
    if part == "DECADE":
        # A year is taken from the moment as many times as its last digit says.
        return Lowering("date_trunc('YEAR', add_months(:value, -12 * CAST(pmod(year(:value), 10) AS INT)))")
    return Lowering(f"date_trunc('{part}', :value)")


LOWERINGS: Mapping[str, Said] = {
    "keyed_hash": f"sha2(concat({_KEY}, sha2(concat({_KEY}, coalesce(:value, '')), 256)), 256)",
    "keep_last": "coalesce(concat(repeat(:mark, CAST(greatest(0, length(:value) - :count) AS INT)),"
    " right(:value, CAST(least(:count, length(:value)) AS INT))), '')",
    "start_of": _start_of,
}
