"""The work as one hand-written DuckDB script, without a log."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import ceil, floor

import duckdb

COLUMNS = ("id", "name", "email", "gender", "city", "age", "salary", "date_joined", "score", "notes")
READ = (
    "read_csv('{source}', header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, "
    f"buffer_size = 16777216, columns = {{{{{', '.join(f'{name}: VARCHAR' for name in COLUMNS)}}}}})"
).replace(": VARCHAR", ": 'VARCHAR'")
"""A buffer must hold more than a row group (122,880 rows), or the ordered load copies every row twice."""


def kept(name: str) -> str:
    """The text, or null for a token that means missing."""
    return f"CASE WHEN strlen({name}) <= 4 AND {name} IN ('N/A', '-', '?', 'null') THEN NULL ELSE {name} END"


def flat(text: str) -> str:
    untidy = rf"regexp_matches({text}, '^\s|\s$|\s\s|[\t\n\r]')"
    return rf"CASE WHEN {untidy} THEN trim(regexp_replace({text}, '\s+', ' ', 'g')) ELSE {text} END"


def title(text: str) -> str:
    words = f"list_transform(string_split({text}, ' '), lambda word: upper(word[1]) || lower(word[2:]))"
    return f"CASE WHEN regexp_full_match({text}, '[A-Z][a-z]*(?: [A-Z][a-z]*)*') THEN {text} ELSE array_to_string({words}, ' ') END"


def lowered(text: str) -> str:
    return f"lower(CASE WHEN {text} LIKE ' %' OR {text} LIKE '% ' THEN trim({text}) ELSE {text} END)"


def whole(text: str) -> str:
    loose = rf"TRY_CAST(regexp_extract({text}, '^\s*([+-]?\d+)(?:\.0*)?\s*$', 1) AS BIGINT)"
    return f"CASE WHEN TRY_CAST({text} AS INTEGER)::VARCHAR = {text} THEN TRY_CAST({text} AS INTEGER)::BIGINT ELSE {loose} END"


def decimal(text: str, scale: int) -> str:
    loose = f"regexp_replace({text}, '[$,% ]', '', 'g')"
    return f"coalesce(TRY_CAST({text} AS DECIMAL(18, {scale})), TRY_CAST({loose} AS DECIMAL(18, {scale})))"


def date(text: str) -> str:
    others = f"try_strptime({text}, ['%d/%m/%Y', '%b %d, %Y', '%Y%m%d'])::DATE"
    return f"CASE WHEN {text} LIKE '____-__-__' THEN TRY_CAST({text} AS DATE) ELSE {others} END"


STEPS = {
    "id": ((6, whole),),
    "name": ((1, kept), (2, flat)),
    "email": ((1, kept), (3, lowered)),
    "gender": (
        (1, kept),
        (3, lowered),
        (
            5,
            lambda text: (
                f"CASE {text} WHEN 'm' THEN 'male' WHEN 'f' THEN 'female' WHEN 'o' THEN 'other' ELSE {text} END"
            ),
        ),
    ),
    "city": ((1, kept), (4, lambda text: title(f"({flat(text)})"))),
    "age": ((1, kept), (6, whole)),
    "salary": ((1, kept), (6, lambda text: decimal(text, 2))),
    "date_joined": ((1, kept), (7, date)),
    "score": ((1, kept), (6, lambda text: decimal(text, 1))),
    "notes": ((1, kept), (2, flat)),
}
"""What happens to each cell by itself: the number of the recipe's step, and the SQL from one value to the next."""

TYPED = ("id", "age", "salary", "date_joined", "score")


def cleaned(name: str) -> str:
    """All steps of a column on one cell, from the text that was read."""
    value = name
    for _, step in STEPS[name]:
        value = f"({step(value)})"
    return value


def main(source: str, folder: str) -> None:
    connection = duckdb.connect()
    cells = ", ".join(f"{cleaned(name)} AS {name}" for name in COLUMNS)
    load(connection, f"SELECT {cells} FROM {READ.format(source=source)}")
    clean = finals(late_steps(connection))
    connection.execute(f"COPY (SELECT {clean} FROM cells WHERE NOT gone) TO '{folder}/clean.parquet' (FORMAT parquet)")


def load(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """The clean cells, with the rows marked that repeat an earlier one; a join would lose the order of the rows."""
    names = ", ".join(COLUMNS)
    connection.execute(f"CREATE TABLE cells AS SELECT *, hash({names}) AS h, false AS gone FROM ({query})")
    connection.execute(
        "UPDATE cells SET gone = true WHERE rowid IN (SELECT r FROM ("
        f"SELECT rowid AS r, {names} FROM cells WHERE h IN (SELECT h FROM cells GROUP BY h HAVING count(*) > 1)"
        f") QUALIFY row_number() OVER (PARTITION BY {names} ORDER BY r) > 1)"
    )


def late_steps(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[int, str]]]:
    """The fills and the fences by column, with what they had to measure; each builds on the one before."""
    measure = "SELECT quantile_cont(age, 0.5), quantile_cont(score, 0.5) FROM cells WHERE NOT gone"
    ((age, score),) = connection.execute(measure).fetchall()
    years = f"coalesce(age, {floor(age + 0.5)})"
    fences = f"SELECT quantile_cont({years}, [0.25, 0.75]), quantile_cont(salary::DOUBLE, [0.25, 0.75]) FROM cells WHERE NOT gone"
    ((ages, salaries),) = connection.execute(fences).fetchall()
    return {
        "city": [(9, "coalesce(city, 'unknown')")],
        "score": [(9, f"coalesce(score, {score}::DECIMAL(18, 1))")],
        "age": [(9, years), (10, clipped(years, ages, "BIGINT", 0))],
        "salary": [(10, clipped("salary", salaries, "DECIMAL(18, 2)", 2))],
    }


def finals(late: dict[str, list[tuple[int, str]]]) -> str:
    """The SELECT list of the clean table."""
    return ", ".join(f"{late[name][-1][1] if name in late else name} AS {name}" for name in COLUMNS)


def clipped(value: str, quartiles: Sequence[float], kind: str, digits: int) -> str:
    """The value, brought to the nearer fence; fences are the values of its type between those of Tukey."""
    first, third = map(float, quartiles)
    low = ceil(round((first - 1.5 * (third - first)) * 10**digits, 4)) / 10**digits
    high = floor(round((third + 1.5 * (third - first)) * 10**digits, 4)) / 10**digits
    return f"CASE WHEN {value} < {low!r} THEN {low!r}::{kind} WHEN {value} > {high!r} THEN {high!r}::{kind} ELSE {value} END"


if __name__ == "__main__":
    main(*sys.argv[1:])
