"""The letters that change their case, for engines that have to be told them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sanitizer_core.sql.case_mapping import EASTERN, LATIN, Mapping, _known, capital, small

ALL = [chr(code) for code in range(0x20000)]


def test_no_letter_that_has_another_case_is_left_out() -> None:
    capitals, smalls = set(capital(ALL[-1]).letters), set(small(ALL[-1]).letters)
    with_capital = {each for each in ALL if len(each.upper()) == 1 and each.upper() != each}
    with_small = {each for each in ALL if len(each.lower()) == 1 and each.lower() != each}
    assert {each for each in with_small - smalls if _known(each, each.lower())} == set()
    assert {each for each in with_capital - capitals if _known(each, each.upper())} == set()
    assert (len(with_small), len(with_capital)) > (1300, 1300)


@pytest.mark.parametrize("mapped", [small, capital])
def test_block_after_block_gives_what_one_list_would(mapped: Callable[..., Mapping]) -> None:
    """What one block's letters become is no letter that a later block changes again."""
    whole = mapped(ALL[-1])
    blocks = [mapped(LATIN), mapped(EASTERN, LATIN), mapped(ALL[-1], EASTERN)]
    text = "".join(ALL)
    made = text
    for each in blocks:
        made = made.translate(str.maketrans(each.letters, each.others))
    assert made == text.translate(str.maketrans(whole.letters, whole.others))
