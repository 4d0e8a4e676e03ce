"""Finds the dialect of a text from its first lines.

Every plausible dialect parts the sample, and the one that makes the most of it wins: rows of one width, cells
that look like values, columns that keep one shape. After van den Burg, Nazabal and Sutton, "Wrangling messy CSV
files by detecting row and type patterns" (2019), with columns in place of their single cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from sanitizer_core.sources.csv.dialect import Dialect
from sanitizer_core.sources.csv.records import Record, Records, pieces
from sanitizer_core.sources.csv.shapes import TYPED, columns, fits, shape
from sanitizer_core.sources.options import ReadOptions

# How readily a character is believed to be a delimiter, before the text is looked at.
_BELIEF = dict.fromkeys(",;\t|", 1.0) | dict.fromkeys("\x01\x1e\x1f\x1d\x1c§¦", 1.0) | dict.fromkeys("^~¬¤", 0.9)
_BELIEF |= {" ": 0.75, ":": 0.6, "#": 0.6, "&": 0.6, "!": 0.5, "*": 0.5, "%": 0.5, "@": 0.5, "=": 0.5, "/": 0.3}
_STRINGS = re.compile(r"[ \t]?[,;|^~#@!*&:=§¦¬¤]{1,3}[ \t]?|\t{2,3}|[<>=-]{2,3}")
# What stands within a cell when it was parted by the wrong delimiter: one mark twice, or one at an edge.
_MARKS = re.compile(r"\t|([,;|:#&^~@%§¦¬¤])\1|^[,;|^~§¦¬¤]|[,;|^~§¦¬¤]$")
_QUOTES = ('"', "'", "`")
_ROWS = 120
_CHARACTERS = 1 << 16


class Sample(NamedTuple):
    """The first characters of a text, and whether there are more."""

    text: str
    cut: bool


@dataclass(frozen=True)
class Guess:
    """A dialect, the width of most of its rows, how well it explains the sample (0 to 1), and what it does not.

    Args:
        broken: the number of records of the sample whose quotes do not pair up.
    """

    dialect: Dialect
    width: int
    score: float
    broken: int = 0


def find_dialect(sample: Sample, options: ReadOptions) -> Guess:
    """The dialect that explains a sample best, within what the options leave open."""
    head = _whole_lines(sample)
    newline = find_newline(head.text)
    guesses = []
    for delimiter, belief in _delimiters(head.text, newline, options):
        best = _best_variant(head, list(_variants(head.text, delimiter, newline, options)))
        guesses.append(replace(best, score=best.score * belief))
    return max(guesses, key=_rank)


def _rank(guess: Guess) -> float:
    return guess.score


def _best_variant(sample: Sample, variants: Sequence[Dialect]) -> Guess:
    """The best dialect of one delimiter. The first is the common one, and stands when it leaves no quote broken."""
    first = _judge(sample, variants[0])
    if not first.broken:
        return first
    others = [_judge(sample, dialect) for dialect in variants[1:] if _is_likely(sample.text, dialect, first)]
    return max([first, *others], key=_rank)


def _is_likely(sample: str, dialect: Dialect, first: Guess) -> bool:
    """Whether a dialect is worth a try, given the common one: a few stray quotes are broken lines and no dialect."""
    quote, usual = dialect.quote, first.dialect.quote
    if dialect.escape == "escaped" or usual is None:
        return True
    if quote is None:
        around = re.escape(dialect.delimiter)
        paired = re.findall(rf"(?:^|{around}){usual}[^{usual}\n]*{usual}(?={around}|\r?$)", sample, re.MULTILINE)
        return first.broken >= 3 and first.broken > len(paired)
    escaped = sample.count(f"\\{quote}")
    return (
        first.broken >= 2
        and first.broken * 2 > _doubled_quotes(sample, dialect.delimiter, quote)
        and escaped * 2 <= first.broken
    )


def _doubled_quotes(sample: str, delimiter: str, quote: str) -> int:
    """How many quotes within fields are doubled, in the middle or at the end of one."""
    edge = rf"{re.escape(delimiter)}\s"
    middle = re.findall(rf"(?<=[^{quote}{edge}]){quote}{quote}(?=[^{quote}{edge}]|\s\w)", sample)
    return len(middle) + len(re.findall(rf"(?<=[^{quote}{edge}]){quote}{{3}}(?=[{edge}])", sample))


def _whole_lines(sample: Sample) -> Sample:
    """The first lines of a sample, without one that the limit would cut."""
    text = sample.text
    if len(text) <= _CHARACTERS:
        return sample
    end = max(text.rfind("\n", 0, _CHARACTERS), text.rfind("\r", 0, _CHARACTERS))
    return Sample(text[: end + 1] if end > 0 else text[:_CHARACTERS], True)


def find_newline(sample: str) -> str:
    """What ends the lines of a sample; a few bare carriage returns may well stand inside cells."""
    pairs = sample.count("\r\n")
    feeds, returns = sample.count("\n"), sample.count("\r") - pairs
    if returns > 4 * feeds:
        return "\r"
    return "\r\n" if pairs * 2 > feeds else "\n"


def _delimiters(sample: str, newline: str, options: ReadOptions) -> Iterator[tuple[str, float]]:
    """What may part the fields, with the belief in it; the first also stands for a file of one column."""
    if options.delimiter is not None:
        yield options.delimiter, 1.0
        return
    lines = [line for line in sample.split("\r" if newline == "\r" else "\n")[:60] if line.strip()]
    yield ",", 1.0
    for character, belief in _BELIEF.items():
        if character != "," and sum(character in line for line in lines) * 4 > len(lines):
            yield character, belief
    strings = Counter(found for line in lines for found in set(_STRINGS.findall(line)) if len(found.strip("\r")) > 1)
    for string, count in sorted(strings.items(), key=lambda item: (-item[1], item[0]))[:6]:
        if count * 4 >= len(lines) * 3 and _stands_together(string, lines) and _stands_from_the_first(string, lines):
            yield string, max(_BELIEF.get(character, 0.4) for character in string)


def _stands_together(string: str, lines: Sequence[str]) -> bool:
    """Whether a mark of a string hardly ever stands without the rest, or several marks come as often on each line."""
    alone = min(sum(line.count(mark) for line in lines) / string.count(mark) for mark in set(string))
    if sum(line.count(string) for line in lines) >= 0.9 * alone:
        return True
    if len(string) < 2 or string != string.strip(" "):
        return False
    number, steady = Counter(_apart(string, line) for line in lines).most_common(1)[0]
    single = sum(_apart(string[0], line) for line in lines) if len(set(string)) == 1 else 0
    return number * steady > single and steady >= 0.75 * len(lines)


def _stands_from_the_first(string: str, lines: Sequence[str]) -> bool:
    """Whether the space beside a mark comes with it from its first line on; else the space belongs to the values."""
    mark = string.strip(" ")
    first = next((line for line in lines if mark in line), string)
    return string in first


def _apart(string: str, line: str) -> int:
    """How often a string stands in a line with no more of its marks beside it."""
    return len(re.findall(f"(?<!{re.escape(string[0])}){re.escape(string)}(?!{re.escape(string[-1])})", line))


def _variants(sample: str, delimiter: str, newline: str, options: ReadOptions) -> Iterator[Dialect]:
    """The dialects of one delimiter: its likeliest quote, with each way to write a quote inside quotes."""
    for quote in _likely_quotes(sample, delimiter, options):
        padded = bool(quote) and f"{delimiter}  {quote}" in sample and delimiter.strip(" ") == delimiter
        base = Dialect(delimiter, quote, newline=newline, padded=padded)  # type: ignore[arg-type]
        if options.escape:
            same = options.escape == quote
            yield base if same else replace(base, escape="escaped", escape_character=options.escape)
            continue
        if options.escape is None or not quote:
            yield base
        if options.escape is None and f"\\{quote or delimiter}" in sample:
            yield replace(base, escape="escaped", escape_character="\\")
        if quote and (options.escape == "" or re.search(rf"{quote}[^{quote}\s{re.escape(delimiter)}]", sample)):
            yield replace(base, escape="bare")


def _likely_quotes(sample: str, delimiter: str, options: ReadOptions) -> list[str | None]:
    """The quote that opens and closes most fields, and no quote at all when it does not pair up."""
    if options.quote is not None:
        return [options.quote or None]

    def pairs(quote: str) -> int:
        opened = sum(sample.count(before + quote) for before in (delimiter, "\n", "\r"))
        closed = sum(sample.count(quote + after) for after in (delimiter, "\n", "\r"))
        return min(opened + sample.startswith(quote), closed + sample.endswith(quote))

    best = max(_QUOTES, key=pairs)
    if pairs(best) == 0:
        return ['"', None] if '"' in sample else ['"']
    return [best, None]


def sample_records(
    sample: Sample, dialect: Dialect, width: int | None = None, limit: int | None = None
) -> list[Record]:
    """The first records of a text; its first line at the least, even with a quote that stays open."""
    found = list(islice(Records(pieces(sample.text), dialect, width, cut=sample.cut), limit))
    return found or list(islice(Records(pieces(sample.text), dialect, width), 1))


def _judge(sample: Sample, dialect: Dialect) -> Guess:
    """How well a dialect explains a sample."""
    found = sample_records(sample, dialect, limit=_ROWS)
    widths = Counter(len(record.fields) for record in found if record.fault is None)
    broken = sum(record.fault is not None for record in found)
    if not widths:
        return Guess(dialect, 1, 0.0, broken)
    width = _usual_width(widths)
    rows = [record.fields for record in found if record.fault is None and len(record.fields) == width]
    longer = sum(number for other, number in widths.items() if other > width)
    if width > 2 and longer >= 3 and dialect.text_column is None:
        column = _text_column(rows, [r for r in found if r.fault is None and len(r.fields) > width], dialect.delimiter)
        if column is not None:
            return _judge(sample, replace(dialect, text_column=column))
    if dialect.text_column is not None:
        return _judge_joined(sample, dialect, width)
    return Guess(dialect, width, _score(rows, widths[width] / len(found), dialect), broken)


def _judge_joined(sample: Sample, dialect: Dialect, width: int) -> Guess:
    """The same, with the surplus of longer rows in the text column; less believed than rows that need none."""
    found = sample_records(sample, dialect, width, limit=_ROWS)
    rows = [record.fields for record in found if record.fault is None and len(record.fields) == width]
    return Guess(dialect, width, 0.8 * _score(rows, len(rows) / len(found), dialect))


def _usual_width(widths: Counter[int]) -> int:
    """The width of most rows; of two tables that are about as long, that of the first."""
    weights = {width: count * (1 - 0.5 / width) for width, count in widths.items()}
    return next(width for width, weight in weights.items() if weight >= 0.8 * max(weights.values()))


def _score(rows: Sequence[list[str]], support: float, dialect: Dialect) -> float:
    """Rows of one width, cells that look like values, columns that keep one shape: each between 0 and 1."""
    body, width = rows[1:] or rows, len(rows[0])
    shapes = columns(body)
    filled = [share for name, share in shapes if name != "missing"]
    cells = [cell for row in rows for cell in row if cell]
    if not cells or not filled:
        return 0.01 * support
    value = sum(_worth(cell) for cell in cells) / len(cells)
    steady = sum(filled) / len(filled)
    if width == 1:
        typed = shapes[0][0] in TYPED and steady > 0.9
        return support**2 * (0.95 if typed else 0.5) * (value + steady) / 2
    words = width == 2 and dialect.delimiter == " " and not any(name in TYPED for name, _ in shapes)
    likely = (0.7 + 0.3 * len(filled) / width) * (1 - 0.1 / width) * (0.5 if words else 1)
    return support**2 * (value + steady) / 2 * likely


def _worth(cell: str) -> float:
    """How much a cell looks like a whole value and not like a piece of one."""
    if cell[0] in " \t" or cell[-1] in " \t":
        return 0.3
    if (cell[0] in "\"'`") != (cell[-1] in "\"'`") or (len(cell) > 1 and cell[0] == cell[-1] and cell[0] in "\"'`"):
        return 0.2
    if _MARKS.search(cell):
        return 0.2
    return 0.8 if shape(cell) == "text" else 1.0


def _text_column(rows: Sequence[list[str]], longer: Sequence[Record], delimiter: str) -> int | None:
    """The one column that takes the surplus of longer rows so that all others keep their shapes; ``None`` without."""
    body = rows[1:] or rows
    if len(body) < 3 or not longer:
        return None
    kinds = [name if share >= 0.9 else "text" for name, share in columns(body)]
    open_to = [column for column, kind in enumerate(kinds) if kind in ("text", "word", "code")]
    enough = 0.95 * len(longer)
    fitting = [c for c in open_to if sum(_takes_surplus(row, c, kinds, delimiter) for row in longer) >= enough]
    known = [set(cells) for cells in zip(*body, strict=True)]
    familiar = Counter({c: sum(_familiar_cells(row.fields, c, known) for row in longer) for c in fitting})
    best = familiar.most_common(2)
    return best[0][0] if best and (len(best) == 1 or best[0][1] > best[1][1]) else None


def _familiar_cells(row: Sequence[str], column: int, known: Sequence[set[str]]) -> int:
    """How many cells beside the text column hold what their columns hold in rows without surplus."""
    after = len(row) - (len(known) - column - 1)
    others = [*row[:column], *row[after:]]
    return sum(cell in values for cell, values in zip(others, [*known[:column], *known[column + 1 :]], strict=True))


def _takes_surplus(row: Record, column: int, kinds: Sequence[str], delimiter: str) -> bool:
    """Whether a column's text stands in the line as it would be joined, and all other cells fit their columns."""
    after = len(row.fields) - (len(kinds) - column - 1)
    if delimiter.join(row.fields[column:after]) not in row.text:
        return False
    others = [*row.fields[:column], *row.fields[after:]]
    return all(fits(cell, kind) for cell, kind in zip(others, [*kinds[:column], *kinds[column + 1 :]], strict=True))
