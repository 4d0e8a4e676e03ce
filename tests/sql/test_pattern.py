"""Patterns mean the same on every engine, or are refused with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitizer_core.errors import CompileError
from sanitizer_core.sql import call, literal, lower
from sanitizer_core.sql.pattern import (
    PatternError,
    check_pattern,
    check_replacement,
    check_whole_pattern,
    groups_of,
    pattern_for,
    replacement_for,
)
from sanitizer_core.sql.pattern_parser import parse

LETTERS = "abA1_ .,-\n\té\u00a0ß"
ATOMS = st.sampled_from(
    ["a", "b", "A", "é", r"\d", r"\w", r"\s", r"\S", r"\W", ".", "[a-c]", "[^ab]", r"[\d_,-]", r"\.", "[^\\s]", r"\t"]
)
COUNTS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}"])


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """Patterns of the subset, each part perhaps repeated, with a group and branches now and then."""
    parts = draw(st.lists(st.tuples(ATOMS, COUNTS), min_size=1, max_size=4))
    text = "".join(atom + count for atom, count in parts)
    shape = draw(st.sampled_from(["{}", "{}", "^{}", "{}$", "({})$", r"\b{}", r"{}\B", "^(?:{}|,)$", "({})-"]))
    return shape.format(text)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@given(
    text=patterns(), cells=st.lists(st.text(LETTERS, max_size=6), min_size=1, max_size=20), ignore_case=st.booleans()
)
def test_duckdb_reads_a_pattern_as_java_would(
    text: str, cells: list[str], ignore_case: bool, connection: duckdb.DuckDBPyConnection
) -> None:
    """Python reads what is written for Java alike, but for the name of the end of the text."""
    written = pattern_for(text, "duckdb", ignore_case=ignore_case)
    expected = re.compile(pattern_for(text, "spark", ignore_case=ignore_case).replace(r"\z", r"\Z"))
    query = "SELECT coalesce(list(regexp_matches(cell, $1)), []) FROM (SELECT unnest($2::VARCHAR[]) AS cell)"
    row = connection.execute(query, [written, cells]).fetchone()
    assert row is not None
    assert row[0] == [expected.search(cell) is not None for cell in cells]


@given(text=patterns())
def test_what_is_written_reads_back_as_the_same_tree(text: str) -> None:
    assert parse(pattern_for(text, "duckdb")) == parse(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("a|ab", "Put the longer one first"),
        ("(a|ab)c", "Put the longer one first"),
        ("(a|ab)+c", "Put the longer one first"),
        ("a*?", r"a lazy repeat \(character 3"),
        ("a++", "a repeat of a repeat"),
        ("(a*)*", "may be empty"),
        ("a{2,300}", "Allowed: 0 to 255"),
        ("a{3,2}", "the smaller first"),
        ("((a{100}){11})", "1100 copies"),
        ("x{", r"or \\{ for the character"),
        ("*a", "nothing in front to repeat"),
        ("[[:alpha:]]", "Write the characters"),
        ("(?i)x", "ignore_case: true"),
        ("(?=x)", "looking ahead"),
        ("(?<!x)y", "looking behind"),
        ("(?P<year>x)", "Groups are counted"),
        (r"(a)\1", "reference back"),
        (r"\p{L}", "Name the characters"),
        (r"a\Z", "Write \\$ for the end"),
        (r"a\y", r"\\y is beyond"),
        ("a\\", "a backslash at the end"),
        ("[a-", "without its ']'"),
        ("[]", "an empty class"),
        (r"[^\s\S]", "no character is in"),
        ("[z-a]", "from one character up to another"),
        (r"[a-\d]", "from one character up to another"),
        ("a)", "without its '\\('"),
        ("(a", "without its '\\)'"),
        ("a||b", "a part that is empty"),
        ("()", "a part that is empty"),
        ("^*", "place between characters"),
        (r"\xZZ", "names no character"),
        ("a" * 2001, "at most 2000"),
    ],
)
def test_what_engines_read_differently_is_refused(text: str, told: str) -> None:
    with pytest.raises(PatternError, match=told):
        check_pattern(text)


@pytest.mark.parametrize(
    ("text", "ignore_case", "written"),
    [
        (r"\d+", False, "[0-9]+"),
        (".", False, "[^\n]"),
        (r"[\D]", False, "[^0-9]"),
        (r"[a\-\]^]", False, r"[\-\]\^a]"),
        ("k", True, "[Kk\u212a]"),
        ("[^k]", True, "[^Kk\u212a]"),
        ("é1", True, "[Éé]1"),
        ("ß", True, "[ßẞ]"),
        ("(?:a){1,}", False, "(?:a)+"),
        (r"[\s\S]", False, r"[\s\S]"),
    ],
)
def test_a_pattern_is_written_anew(text: str, ignore_case: bool, written: str) -> None:
    assert pattern_for(text, "duckdb", ignore_case=ignore_case) == written


def test_the_end_is_the_end_of_the_text_everywhere() -> None:
    assert pattern_for("a$", "postgres") == "a$"
    assert pattern_for("a$", "spark") == r"a\z"
    with pytest.raises(CompileError, match="oracle cannot say a pattern"):
        pattern_for("a", "oracle")


def test_a_whole_pattern_may_begin_with_the_shorter_branch() -> None:
    assert check_whole_pattern("St|Street") == "St|Street"
    assert pattern_for("St|Street", "duckdb", whole=True) == "^(?:St|Street)$"


def test_groups_are_counted_from_without() -> None:
    assert groups_of("(a)(?:b)((c))+") == 3


def test_a_replacement_is_held_against_the_groups() -> None:
    check_replacement(r"\2-\1-\0 \\ $1", 2)
    with pytest.raises(PatternError, match="group 3, but the pattern has 2"):
        check_replacement(r"\3", 2)
    with pytest.raises(PatternError, match="means nothing"):
        check_replacement(r"\n", 2)


def test_a_replacement_is_written_for_each_engine() -> None:
    written = {dialect: replacement_for(r"\1$\\\0", dialect) for dialect in ("duckdb", "postgres", "spark")}
    assert written == {"duckdb": r"\1$\\\0", "postgres": r"\1$\\\&", "spark": r"$1\$\\$0"}
    with pytest.raises(CompileError, match="oracle cannot say"):
        replacement_for("a", "oracle")


def test_a_tree_with_a_pattern_is_lowered(connection: duckdb.DuckDBPyConnection) -> None:
    from sanitizer_core.sql.pattern import pattern, replacement

    tree = call("replace_pattern", literal("a1 B2"), pattern("([a-b])([0-9])", ignore_case=True), replacement(r"\2\1"))
    row = connection.execute(f"SELECT {lower(tree, 'duckdb').sql('duckdb')}").fetchone()
    assert row == ("1a 2B",)
