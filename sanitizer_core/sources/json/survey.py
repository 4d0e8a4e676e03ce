"""What a whole JSON file holds: its keys, the types under each, and whether every value is a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from sqlglot import exp

from sanitizer_core.sources.json.objects import JsonValues
from sanitizer_core.sql.tree import column

TYPES = ("VARCHAR", "UBIGINT", "BIGINT", "DOUBLE", "BOOLEAN", "OBJECT", "ARRAY")
_FIRST = 1000
_BATCH = 2048
# What may be a number that a double does not hold; floats as programs write them are among it.
_MAYBE_LONG = r"[0-9][0-9.]{15}|[0-9][eE][+-]?[0-9]{3}"
# A number of more than 17 digits, or one too large or too small, and not in quotes.
_NOT_HELD = r"[1-9](\.?[0-9]){17,}([eE][+-]?[0-9]+)?\s*[,}\]]|[0-9][eE][+-]?[0-9]{3,}\s*[,}\]]"
_FRACTION = "[0-9][.eE]"


@dataclass(frozen=True)
class Survey:
    """What was found.

    Args:
        keys: all keys, in the order of the first rows, then by name.
        values: how many values there are, rows or not.
        rows: how many are objects.
        repeats: whether an object has a key twice.
        long_numbers: whether there may be numbers that a double does not hold.
    """

    keys: tuple[str, ...]
    values: int
    rows: int
    repeats: bool
    long_numbers: bool


def kind_of(value: exp.Expr) -> exp.Expr:
    """The JSON type of a value."""
    return exp.Anonymous(this="json_type", expressions=[value])


def is_object() -> exp.Expr:
    """Whether the value of a row is an object."""
    return exp.EQ(this=kind_of(column("json")), expression=exp.Literal.string("OBJECT"))


def keys_of() -> exp.Expr:
    """The keys of the value of a row, as a list."""
    return exp.Anonymous(this="json_keys", expressions=[column("json")])


def survey(values: JsonValues, connection: duckdb.DuckDBPyConnection) -> Survey:
    """Look at every value of the file, in one scan and a glance at its first rows."""
    known: dict[str, None] = {}
    total = rows = 0
    repeats = long = False
    for keys in _batches(connection, exp.select(keys_of()).from_(values.scan().subquery("read")).limit(_FIRST)):
        known |= dict.fromkeys(keys[0] or ())
    rest: set[str] = set()
    for keys, count, maybe_long in _batches(connection, _by_keys(values)):
        total += count
        rows += count if keys is not None else 0
        rest |= set(keys or ())
        repeats |= len(set(keys or ())) < len(keys or ())
        long |= bool(maybe_long)
    known |= dict.fromkeys(sorted(rest))
    return Survey(tuple(known), total, rows, repeats, long)


def types_of(values: JsonValues, keys: Sequence[str], connection: duckdb.DuckDBPyConnection) -> list[frozenset[str]]:
    """Under each key, the JSON types of all its values but null; one scan."""
    types = exp.Anonymous(this="json_type", expressions=[column("json"), pointers(keys)])
    read = exp.select(exp.alias_(types, "types")).from_(values.scan().subquery("read")).where(is_object())
    seen = [exp.Anonymous(this="bit_or", expressions=[_bits(place)]) for place in range(1, len(keys) + 1)]
    found = connection.execute(exp.select(*seen).from_(read.subquery("typed")).sql(dialect="duckdb")).fetchone() or ()
    return [frozenset(name for bit, name in enumerate(TYPES) if (mask or 0) >> bit & 1) for mask in found]


def has_long_integers(
    values: JsonValues, keys: Mapping[str, bool], connection: duckdb.DuckDBPyConnection
) -> frozenset[str]:
    """The keys under which there is an integer that their column would not hold.

    Args:
        keys: keys of numbers, and whether fractions are among them (a double, else 64 bits).
    """
    if not keys:
        return frozenset()
    read = exp.select(exp.alias_(texts(tuple(keys)), "texts")).from_(values.scan().subquery("read")).where(is_object())
    seen = [
        exp.Anonymous(this="bool_or", expressions=[_too_long(element("texts", place), fractions)])
        for place, fractions in enumerate(keys.values(), 1)
    ]
    found = connection.execute(exp.select(*seen).from_(read.subquery("typed")).sql(dialect="duckdb")).fetchone() or ()
    return frozenset(key for key, long in zip(keys, found, strict=True) if long)


def has_long_fractions(values: JsonValues, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there may be a fraction that a double does not hold."""
    suspect = exp.and_(_matches(_NOT_HELD), _matches(_FRACTION))
    query = exp.select(exp.Anonymous(this="bool_or", expressions=[suspect])).from_(values.scan().subquery("read"))
    return bool((connection.execute(query.sql(dialect="duckdb")).fetchone() or (False,))[0])


def texts(keys: Sequence[str]) -> exp.Expr:
    """The values under the keys, each as text, in one list; parses the object once."""
    return exp.Anonymous(this="json_extract_string", expressions=[column("json"), pointers(keys)])


def pointers(keys: Sequence[str]) -> exp.Array:
    """JSON pointers (RFC 6901) to the keys; unlike paths they can say any name."""
    escaped = [key.replace("~", "~0").replace("/", "~1") for key in keys]
    return exp.Array(expressions=[exp.Literal.string("/" + key) for key in escaped])


def element(name: str, place: int) -> exp.Expr:
    """An element of a list column, from 1."""
    return exp.Anonymous(this="list_extract", expressions=[column(name), exp.Literal.number(place)])


def _by_keys(values: JsonValues) -> exp.Select:
    keys = exp.Case(ifs=[exp.If(this=is_object(), true=keys_of())])
    counts = [exp.Count(this=exp.Star()), exp.Anonymous(this="bool_or", expressions=[_matches(_MAYBE_LONG)])]
    scan = values.scan().subquery("read")
    return exp.select(exp.alias_(keys, "keys"), *counts).from_(scan).group_by(exp.Literal.number(1))


def _matches(pattern: str) -> exp.Expr:
    return exp.Anonymous(this="regexp_matches", expressions=[column("json"), exp.Literal.string(pattern)])


def _bits(place: int) -> exp.Expr:
    def case(bit: int, name: str) -> exp.If:
        return exp.If(this=exp.Literal.string(name), true=exp.Literal.number(1 << bit))

    ifs = [case(bit, name) for bit, name in enumerate(TYPES)]
    return exp.Case(this=element("types", place), ifs=ifs, default=exp.Literal.number(0))


def _too_long(text: exp.Expr, fractions: bool) -> exp.Condition:
    integer = exp.Anonymous(this="regexp_full_match", expressions=[text, exp.Literal.string("-?[0-9]{16,}")])
    narrow = (
        exp.TryCast(this=exp.TryCast(this=text, to=_type("DOUBLE")), to=_type("HUGEINT"))
        if fractions
        else (exp.TryCast(this=text, to=_type("BIGINT")))
    )
    # Past 38 digits both are null, and that is too long as well.
    wide = exp.func("COALESCE", exp.TryCast(this=text, to=_type("HUGEINT")), exp.Literal.number(0))
    return exp.and_(integer, exp.NullSafeNEQ(this=narrow, expression=wide))


def _type(name: str) -> exp.DataType:
    return exp.DataType.build(name, dialect="duckdb")


def _batches(connection: duckdb.DuckDBPyConnection, query: exp.Query) -> Iterator[tuple[Any, ...]]:
    result = connection.execute(query.sql(dialect="duckdb"))
    while batch := result.fetchmany(_BATCH):
        yield from batch
