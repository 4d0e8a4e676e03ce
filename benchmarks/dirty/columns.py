"""Each column of the table: its clean value and the kinds of dirt that can befall it.

Everything is an SQL expression over the row's key, so the value of a cell depends on nothing but the seed and the key:
any number of threads and any size of chunk give the same table.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.dirty.words import CITIES, DOMAINS, FIRST, LAST, NULL_TOKENS, PHRASES


@dataclass(frozen=True)
class Dirt:
    """One kind of damage.

    Args:
        kind: its name in the list of injected errors.
        share: the fraction of cells it befalls.
        sql: the broken text, an expression over ``{v}``, the clean text, and ``{d}``, a hash of the cell.
    """

    kind: str
    share: float
    sql: str


@dataclass(frozen=True)
class DirtyColumn:
    """A column.

    Args:
        clean: its clean text, an expression over ``k``, the key of the row, and hashes of it.
        nulls: the fraction of cells that are missing in the clean table as well.
    """

    name: str
    clean: str
    dirt: tuple[Dirt, ...]
    nulls: float = 0.0


def draw(salt: str, key: str = "k") -> str:
    """A positive hash of the key, one stream for each salt."""
    return f"(hash({key}, '{salt}', $seed) >> 1)::BIGINT"


def pick(words: list[str] | tuple[str, ...], number: str) -> str:
    """One of the words, by number."""
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"([{listed}])[1 + ({number}) % {len(words)}]"


_FIRST = pick(FIRST, draw("first"))
_LAST = pick(LAST, draw("last"))


def _token(share: float) -> Dirt:
    return Dirt("null_token", share, pick(NULL_TOKENS, "{d} >> 20"))


def _blanks(share: float) -> Dirt:
    forms = ("' ' || {v}", "{v} || '  '", "'  ' || {v} || ' '", "replace({v}, ' ', '  ') || ' '")
    arms = " ".join(f"WHEN {number} THEN {form}" for number, form in enumerate(forms))
    return Dirt("blanks", share, f"CASE ({{d}} >> 20) % {len(forms)} {arms} END")


def _typo(share: float) -> Dirt:
    """Two neighbouring letters change places; never the first one."""
    at = "2 + ({d} >> 20) % greatest(length({v}) - 3, 1)"
    return Dirt("typo", share, f"{{v}}[1:{at}-1] || {{v}}[{at}+1:{at}+1] || {{v}}[{at}:{at}] || {{v}}[{at}+2:]")


COLUMNS = (
    DirtyColumn("id", "(k + 1)::VARCHAR", (Dirt("blanks", 0.0025, "' ' || {v}"),)),
    DirtyColumn(
        "name",
        f"{_FIRST} || ' ' || {_LAST}",
        (
            _blanks(0.035),
            Dirt("case", 0.03, "upper({v})"),
            Dirt("case", 0.025, "lower({v})"),
            _typo(0.005),
            _token(0.005),
        ),
    ),
    DirtyColumn(
        "email",
        f"lower({_FIRST} || '.' || {_LAST}) || (k % 1000)::VARCHAR || '@' || {pick(DOMAINS, draw('domain'))}",
        (
            Dirt("case", 0.03, "upper({v})"),
            Dirt("blanks", 0.015, "{v} || ' '"),
            Dirt("no_at_sign", 0.005, "replace({v}, '@', '')"),
            _token(0.015),
        ),
        nulls=0.02,
    ),
    DirtyColumn(
        "gender",
        pick(("male", "female", "male", "female", "male", "female", "other"), draw("gender")),
        (Dirt("variant", 0.1, "upper({v}[1])"), Dirt("case", 0.05, "upper({v})"), _blanks(0.015), _token(0.015)),
        nulls=0.02,
    ),
    DirtyColumn(
        "city",
        pick(CITIES, draw("city")),
        (
            Dirt("case", 0.04, "upper({v})"),
            Dirt("case", 0.025, "lower({v})"),
            _blanks(0.03),
            _typo(0.005),
            _token(0.015),
        ),
        nulls=0.02,
    ),
    DirtyColumn(
        "age",
        f"(18 + {draw('age')} % 25 + {draw('age2')} % 25 + {draw('age3')} % 25)::VARCHAR",
        (
            Dirt("outlier", 0.005, "CASE WHEN {d} & 1048576 = 0 THEN '999' ELSE {v} || '0' END"),
            Dirt("format", 0.015, "{v} || '.0'"),
            Dirt("blanks", 0.01, "' ' || {v}"),
            Dirt("wrong_type", 0.005, "'unknown'"),
            _token(0.02),
        ),
        nulls=0.03,
    ),
    DirtyColumn(
        "salary",
        f"printf('%.2f', 20000 + ({draw('pay')} % 3000000 + {draw('pay2')} % 3000000) / 100.0)",
        (
            Dirt("format", 0.05, "'$' || {v}[1:length({v})-6] || ',' || {v}[length({v})-5:]"),
            Dirt("blanks", 0.015, "{v} || ' '"),
            Dirt("outlier", 0.005, "{v}[1:length({v})-3] || '00' || {v}[length({v})-2:]"),
            _token(0.015),
        ),
        nulls=0.04,
    ),
    DirtyColumn(
        "date_joined",
        f"(DATE '2004-01-01' + ({draw('joined')} % 7600)::INTEGER)::VARCHAR",
        (
            Dirt("format", 0.075, "{v}[9:10] || '/' || {v}[6:7] || '/' || {v}[1:4]"),
            Dirt("format", 0.04, "strftime({v}::DATE, '%b %d, %Y')"),
            Dirt("format", 0.015, "{v}[1:4] || {v}[6:7] || {v}[9:10]"),
            Dirt("impossible", 0.0025, "{v}[1:4] || '-02-30'"),
            _token(0.015),
        ),
        nulls=0.02,
    ),
    DirtyColumn(
        "score",
        f"printf('%.1f', ({draw('score')} % 1000) / 10.0)",
        (Dirt("format", 0.025, "{v} || '%'"), Dirt("outlier", 0.005, "'-' || {v}"), _token(0.02)),
        nulls=0.05,
    ),
    DirtyColumn(
        "notes",
        f"{pick(PHRASES, draw('note'))} || ', ref ' || ({draw('ref')} % 1000000)::VARCHAR",
        (_blanks(0.04), Dirt("quoted", 0.01, "'\"' || {v} || '\"'"), _token(0.02)),
        nulls=0.25,
    ),
)
"""The table of customers, in the order of its columns."""
