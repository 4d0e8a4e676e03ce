"""The words by which users name types."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from sanitizer_core.errors import did_you_mean
from sanitizer_core.schema import BOOLEAN, DATE, FLOAT, INTEGER, TEXT, TIME, TIMESTAMP, TIMESTAMPTZ, DataType

TYPE_NAMES: dict[str, DataType] = {
    "string": TEXT, "text": TEXT, "str": TEXT, "varchar": TEXT, "object": TEXT, "category": TEXT,
    "integer": INTEGER, "int": INTEGER, "bigint": INTEGER, "int64": INTEGER, "int32": INTEGER,
    "float": FLOAT, "double": FLOAT, "double precision": FLOAT, "real": FLOAT, "float64": FLOAT, "float32": FLOAT, "number": FLOAT,
    "boolean": BOOLEAN, "bool": BOOLEAN, "date": DATE, "time": TIME,
    "datetime": TIMESTAMP, "timestamp": TIMESTAMP, "datetime64": TIMESTAMP, "datetime64[ns]": TIMESTAMP,
    "timestamptz": TIMESTAMPTZ, "datetimetz": TIMESTAMPTZ, "timestamp with time zone": TIMESTAMPTZ,
}  # fmt: skip
"""Every word for a type; ``decimal(p,s)`` comes besides."""

_DECIMAL = re.compile(r"(?:decimal|numeric)\((\d+)(?:,\s*(\d+))?\)")


def type_named(name: str) -> DataType:
    """The logical type of a name such as ``integer`` or ``decimal(10,2)``.

    Raises:
        ValueError: it is none, with the nearest one.
    """
    word = name.strip().lower()
    if word in TYPE_NAMES:
        return TYPE_NAMES[word]
    decimal = _DECIMAL.fullmatch(word)
    if decimal:
        precision, scale = int(decimal[1]), int(decimal[2] or 0)
        if not 0 <= scale <= precision <= 38 or precision == 0:
            raise ValueError(
                f"{name!r} is out of range: decimal(p,s) takes 1 to 38 digits, of which s stand behind the point"
            )
        return DataType("decimal", precision, scale)
    if word in ("decimal", "numeric"):
        return DataType("decimal", 18, 3)
    raise ValueError(f"unknown type {name!r}. {did_you_mean(word, [*TYPE_NAMES, 'decimal(p,s)']) or ''}".strip())


def _known(name: str) -> str:
    type_named(name)
    return name


TypeName = Annotated[str, AfterValidator(_known)]
"""The type of a parameter that names a type."""
