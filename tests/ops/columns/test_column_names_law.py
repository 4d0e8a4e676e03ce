"""Names in a style are unique, as long as they may be, and stay as they are when they are written in it again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sanitizer_core.ops.columns.normalize_column_names import NormalizeColumnNames
from sanitizer_core.ops.effects import RenameColumn
from sanitizer_core.ops.stat import UNFITTED
from sanitizer_core.schema import TEXT, Schema

names = st.lists(
    st.one_of(st.text("aAbB 1_-É.'sŞß%我", min_size=1, max_size=12), st.text(min_size=1, max_size=6)),
    min_size=1, max_size=8, unique_by=str.lower,
)  # fmt: skip
params = st.fixed_dictionaries(
    {
        "style": st.sampled_from(["snake", "upper", "kebab", "camel", "pascal", "title"]),
        "max_length": st.one_of(st.none(), st.integers(8, 14)),
        "strip_accents": st.booleans(),
    }
)


def renamed(operation: NormalizeColumnNames, table: tuple[str, ...]) -> tuple[str, ...]:
    effects = operation.effects(Schema.of([(name, TEXT) for name in table]), UNFITTED)
    mapping = {effect.old: effect.new for effect in effects if isinstance(effect, RenameColumn)}
    return tuple(mapping.get(name, name) for name in table)


@given(params=params, table=names)
def test_normal_names_are_unique_and_stay(params: dict[str, object], table: list[str]) -> None:
    operation = NormalizeColumnNames.model_validate(params)
    once = renamed(operation, tuple(table))
    assert len({name.lower() for name in once}) == len(table)
    assert all(once)
    longest = params["max_length"]
    if isinstance(longest, int):
        assert max(map(len, once)) <= longest
    assert renamed(operation, once) == once
