"""Patterns rewritten for RE2 match what Python's own matcher matches."""

from __future__ import annotations

import itertools
import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitizer_core.contract.patterns import to_re2

ATOMS = st.sampled_from(
    ["a", "b", "B", "1", "_", ".", r"\.", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", "[ab]", "[^a]", r"[\da-b]", r"[^\s]", r"[\W1]",
     r"[^\W]", "é", r"\n", r"\x41", "ﬀ", r"\-", "[]a]", r"[\]^-]"]
)  # fmt: skip
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
        inner.map(lambda pattern: f"^{pattern}"),
        inner.map(lambda pattern: f"(?:{pattern}$)"),
        inner.map(lambda pattern: f"(?m:{pattern}$)"),
        inner.map(lambda pattern: f"(?s:{pattern}.)"),
        inner.map(lambda pattern: f"(?a:{pattern})"),
    ),
    max_leaves=5,
)
TEXTS = st.lists(st.text(alphabet="abBA1_ .-]^é\n\t\x0b\x1c\u2028٣ﬀ\u00b2", max_size=5), max_size=12)


def found(pattern: str, texts: list[str]) -> list[bool]:
    with duckdb.connect() as connection:
        query = "SELECT list_transform($1::VARCHAR[], lambda t: regexp_matches(t, $2))"
        ((answers,),) = connection.execute(query, [texts, pattern]).fetchall()
    return list(answers)


@given(PATTERNS, TEXTS, st.booleans())
def test_the_same_texts_match(pattern: str, texts: list[str], anchored: bool) -> None:
    written = to_re2(pattern, anchored=anchored)
    if written is None:
        # Within a pattern, "$" is what RE2 cannot say; and what a search does with flags at its beginning, Python alone.
        assert "$" in pattern or "(?a:" in pattern
        return
    match = re.compile(pattern).match if anchored else re.compile(pattern).search
    assert found(written, texts) == [match(text) is not None for text in texts]


@pytest.mark.parametrize("pattern", ["(?i)ask", "(?i)[a-k]+", "(?i)[^k]", "(?i)1k_"])
def test_case_is_ignored_as_python_does(pattern: str) -> None:
    texts = ["ASK", "aſ\u212a", "İ", "ı", "K", "k", "\u212a", "z", "1K_", "é"]
    written = to_re2(pattern, anchored=True)
    assert written is not None
    assert found(written, texts) == [re.match(pattern, text) is not None for text in texts]


@pytest.mark.parametrize(
    "pattern",
    [r"\bword", r"(?=a)", r"(?!a)", r"(?<=a)b", r"(a)\1", "a$b", "(?i)é", "(?>a)", "a*+", "a{1001}", r"(\w{900}){900}", "(a)?(?(1)b|c)"],
)  # fmt: skip
def test_what_re2_cannot_say_is_left_to_python(pattern: str) -> None:
    assert to_re2(pattern, anchored=True) is None


@pytest.mark.parametrize("pattern", [r"(?a:\W$)", r"(?a:\W)b", r"((?a:[^\w]))"])
def test_a_search_under_flags_of_its_own_is_left_to_python(pattern: str) -> None:
    assert re.search(pattern, "²") is None and re.match(r"(?a:\W$)", "²") is not None  # as Python has it
    assert to_re2(pattern, anchored=False) is None
    assert to_re2(pattern, anchored=True) is not None


@pytest.mark.parametrize("anchored", [True, False])
def test_what_is_empty_is_found_everywhere(anchored: bool) -> None:
    parts = ["", "()", "(?:)", "(?:){2}", "a{0}", "(?:|)", "^"]
    for pattern in sorted({"".join(each) for each in itertools.product(parts, repeat=2)}):
        written = to_re2(pattern, anchored=anchored)
        assert written is not None
        assert found(written, ["", "1"]) == [True, True], pattern


def test_white_space_and_digits_are_those_of_unicode() -> None:
    everything = [chr(code) for code in range(1, 0x3100)]
    for pattern in (r"\s", r"\d", r"\w"):
        written = to_re2(pattern, anchored=True)
        assert written is not None
        assert found(written, everything) == [re.match(pattern, char) is not None for char in everything], pattern
