"""Cleaned text stays as it is when it is cleaned again, and is what a plain Python program would make of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from sanitizer_core.ops.effects import MapValues, Rewrite
from sanitizer_core.ops.stat import UNFITTED
from sanitizer_core.ops.text.clean_text import CleanText
from sanitizer_core.ops.text.repair import without_html
from sanitizer_core.schema import TEXT, Schema
from sanitizer_core.sql import VALUE, column, lower
from sanitizer_core.sql.white_space import WHITE_SPACE

AWKWARD = "aZ'’-.,“…<&é\u0301İßſK ＡﬁÅ\u00a0\u2003\u200b\u200d\u00ad\ufeff\x00\x07\u0378\u3000\u037e👨한ᄒ\u0345"
texts = st.one_of(st.text(max_size=12), st.text(AWKWARD, max_size=8), st.text("aB  \t'-", max_size=12))
options = st.fixed_dictionaries(
    {
        "strip": st.booleans(), "collapse_space": st.booleans(), "strip_accents": st.booleans(), "remove_invisible": st.booleans(),
        "empty_as_null": st.booleans(), "case": st.sampled_from(["keep", "lower", "upper", "title", "sentence"]),
        "unicode": st.sampled_from(["keep", "nfc", "nfc", "nfd", "nfkc"]), "punctuation": st.sampled_from(["keep", "plain", "remove"]),
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def cleaned(operation: CleanText, values: list[str | None], connection: duckdb.DuckDBPyConnection) -> list[str | None]:
    effects = operation.effects(Schema.of([("a", TEXT)]), UNFITTED)
    if not effects:
        return values
    (effect,) = effects
    assert isinstance(effect, (Rewrite, MapValues))
    if isinstance(effect, MapValues):
        present = [value for value in values if value is not None]
        mapped = dict(zip(present, effect.function(present), strict=True))
        values = [mapped[value] if value is not None else None for value in values]
    query = "SELECT a AS v0 FROM (SELECT unnest($1::VARCHAR[]) AS a)"
    for index, each in enumerate(effect.passes):
        tree = exp.replace_placeholders(lower(each, "duckdb"), **{VALUE: column(f"v{index}")})
        tree = tree.transform(
            lambda node, i=index: column(f"v{i}") if isinstance(node, exp.Column) and node.name == "a" else node
        )
        query = f"SELECT {tree.sql('duckdb')} AS v{index + 1} FROM ({query})"
    return [row[0] for row in connection.execute(query, [values]).fetchall()]


@given(params=options, values=st.lists(texts, min_size=1, max_size=20))
def test_cleaning_twice_is_cleaning_once(
    params: dict[str, object], values: list[str], connection: duckdb.DuckDBPyConnection
) -> None:
    operation = CleanText.model_validate(params)
    once = cleaned(operation, list(values), connection)
    assert cleaned(operation, once, connection) == once


@given(values=st.lists(texts, min_size=1, max_size=20))
def test_white_space_is_as_python_would_handle_it(values: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    operation = CleanText(case="keep", remove_invisible=False, unicode="keep")
    expected = [
        " ".join(value.translate(dict.fromkeys(map(ord, WHITE_SPACE), " ")).split(" ")).strip(" ") for value in values
    ]
    expected = [" ".join(part for part in value.split(" ") if part) for value in expected]
    assert cleaned(operation, list(values), connection) == expected


@given(values=st.lists(texts, min_size=1, max_size=20))
def test_letters_are_composed_as_python_composes_them(values: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    operation = CleanText(strip=False, collapse_space=False, case="keep", remove_invisible=False)
    assert cleaned(operation, list(values), connection) == [unicodedata.normalize("NFC", value) for value in values]


@given(text=st.text("abc é<>&;#/p\"'=!-1", max_size=30))
def test_what_holds_no_tag_and_no_entity_is_left_alone(text: str) -> None:
    if "&" not in text and "<" not in text:
        assert without_html(text) == text
    without_html(text)
