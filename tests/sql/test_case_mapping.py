"""The letters that change their case, for engines that have to be told them."""

from __future__ import annotations

from sanitizer_core.sql.case_mapping import _known, capital, small

ALL = [chr(code) for code in range(0x20000)]


def test_no_letter_that_has_another_case_is_left_out() -> None:
    capitals, smalls = set(capital(ALL[-1]).letters), set(small(ALL[-1]).letters)
    with_capital = {each for each in ALL if len(each.upper()) == 1 and each.upper() != each}
    with_small = {each for each in ALL if len(each.lower()) == 1 and each.lower() != each}
    assert {each for each in with_small - smalls if _known(each, each.lower())} == set()
    assert {each for each in with_capital - capitals if _known(each, each.upper())} == set()
    assert (len(with_small), len(with_capital)) > (1300, 1300)
