"""A mark in place of every currency changes nothing about what is a number."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from sanitizer_core.sql.number_formats import MARK, NumberFormat, money

_PIECES = st.sampled_from(
    ["USD", "EUR", "US$", "R$", "$", "\u20ac", MARK, "kr", "z\u0142", "A", "US", "k", "5", "12", "1,234", ".5", "3.", ",", " ", "\u00a0", "-", "\u2212", "+", "(", ")", "%", "e3"]
)  # fmt: skip


@given(
    st.lists(_PIECES, max_size=7).map("".join),
    st.sampled_from(["", "?", "!"]),
    st.sampled_from([None, 0, 2]),
    st.sampled_from([NumberFormat(), NumberFormat(",", (".", " "))]),
)
@example("-US$ 1,234 %", "?", None, NumberFormat())
@example("USD(5)", "", 0, NumberFormat())
@example("EURUS$5", "", 2, NumberFormat())
def test_a_marked_cell_is_a_number_where_the_cell_itself_is(
    text: str, percent: str, digits: int | None, form: NumberFormat
) -> None:
    plain = re.fullmatch(form.pattern(digits, percent=percent), text)
    marked = re.fullmatch(form.marked_pattern(digits, percent=percent), re.sub(money(), MARK, text))
    assert (plain is None) == (marked is None)
