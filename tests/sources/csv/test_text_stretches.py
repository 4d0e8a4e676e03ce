"""Plain rows go into the well-formed copy many at a time, to the same end as one by one."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sanitizer_core.sources.csv.reader import Reading
from sanitizer_core.sources.csv.stretch import Stretches
from sanitizer_core.sources.options import ReadOptions
from text_tables import Text, loaded

HEADER = "first,second,third"
LINES = st.sampled_from(
    [
        *["12,word,2.5", '"7","a word","3"', "x,,", '"",b,c', " a , b,c ", "ä,€,🙂", "1,2,3\r"] * 3,
        *['4,"two\nlines",5', '6,"said ""so""",7', '8,"open,9', "10,a,b,c", "11,a", "", "\r", 'a,b"c,d', ' "a",b,c'],
        *["a\rb,c,d", "a\x00,b,c", "\udcff,b,c", "a,\\,b,c", 'a,"b\\"",c', HEADER, '"first","second","third"', "'a','b','c'"],
        *["Total: 3 rows", "1,2,3,", '"a" "b",c,d', ";;", "a;b;c", "'a;b';c;d", '"first",second,"third"\r', "\ufeffa,b,c"],
    ]
)  # fmt: skip
SAID = st.sampled_from(
    [
        {"delimiter": ",", "quote": '"', "escape": '"'},
        {"delimiter": ",", "quote": '"', "escape": "\\"},
        {"delimiter": ",", "quote": '"', "escape": ""},
        {"delimiter": ",", "quote": ""},
        {"delimiter": ";", "quote": "'"},
        {},
    ]
)


def carefully(data: bytes, said: dict[str, Any]) -> Text:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "table.csv"
        path.write_bytes(data)
        reading = Reading(path, connection, ReadOptions(**said), Path(folder) / "scratch", "table.csv")
        return loaded(reading.carefully(), connection)


@given(lines=st.lists(LINES, max_size=40), rows=st.sampled_from([3, 400]), said=SAID, header=st.booleans())
@example(lines=["12,word,2.5", HEADER, "12,word,2.5"], rows=400, said={}, header=True)
@example(lines=["12,word,2.5", '"first","second",third', "1,2,3"], rows=3, said={}, header=True)
@example(lines=["a\rb,c,d", "1,2,3\r4,5,6", "7,8,9"], rows=3, said={}, header=True)
def test_stretches_of_plain_rows_change_nothing(
    lines: Sequence[str], rows: int, said: dict[str, Any], header: bool
) -> None:
    text = "\n".join([*([HEADER] if header else []), *["12,word,2.5"] * rows, *lines])
    data = text.encode("utf-8", "surrogateescape")
    quickly = carefully(data, said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stretches, "next", lambda self: "")
        one_by_one = carefully(data, said)
    assert quickly == one_by_one


def test_most_of_a_dirty_file_is_read_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    whole = Stretches.next

    def counted(self: Stretches) -> str:
        text = whole(self)
        taken.append(text.count("\n"))
        return text

    monkeypatch.setattr(Stretches, "next", counted)
    rows = [f'{number},"a name",{number / 7:.3f}' for number in range(20_000)]
    rows[9_000] = '9000,"an open quote,1'
    found = carefully("\n".join([HEADER, *rows]).encode(), {})
    assert len(found.rows) == 19_999
    assert [(line, text) for line, text, _ in found.rejected] == [(9_002, rows[9_000])]
    assert sum(taken) > 19_900
