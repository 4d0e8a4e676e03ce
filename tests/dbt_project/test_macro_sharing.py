"""What the branches of a macro share is said once, and they still come to the same SQL."""

from __future__ import annotations

import jinja2
import pytest

from sanitizer_core.dbt.column_macros import Macro, macros, said
from sanitizer_core.dbt.sharing import LEAST, shared


def rendered(text: str) -> str:
    return jinja2.Environment(autoescape=False).from_string(text).render(column="c", precision=9, scale=2)


@pytest.mark.parametrize("macro", [each for each in macros() if each.name in ("clean_text", "to_decimal")], ids=lambda each: each.name)  # fmt: skip
@pytest.mark.parametrize("adapter", ["postgres", "bigquery"])
def test_a_macro_is_much_shorter_and_means_the_same(macro: Macro, adapter: str) -> None:
    bodies = [said(tree, adapter, macro.given) for tree in macro.forms.values()]
    blocks, short = shared(bodies)
    assert len("".join([*blocks, *short])) < 0.8 * len("".join(bodies))
    assert [rendered("".join(blocks) + text) for text in short] == [rendered(text) for text in bodies]


def test_no_tag_is_cut_in_two() -> None:
    part = f"(f({{{{ ')' }}}}, '{'x' * LEAST}{{{{ '(' }}}}'))"
    bodies = [f"a{part}(", f"){part}b", f"c({part})"]
    blocks, short = shared(bodies)
    assert len(blocks) == 1 and all("part_1" in text for text in short)
    assert [rendered("".join(blocks) + text) for text in short] == [rendered(text) for text in bodies]
