"""The only place where engines differ: portable functions, each with its lowering per dialect."""

from sanitizer_core.sql.functions import FUNCTIONS, Function
from sanitizer_core.sql.lower import lower
from sanitizer_core.sql.tree import VALUE, call, cast_to, column, literal, value_of

__all__ = ["FUNCTIONS", "VALUE", "Function", "call", "cast_to", "column", "literal", "lower", "value_of"]
