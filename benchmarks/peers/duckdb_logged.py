"""The work as one hand-written DuckDB script, with a log of every changed cell: step, row, column, old, new.

Beside each clean value lies the text that was read, but only where it differs; the steps of a cell are worked out
again only there.
"""

from __future__ import annotations

import sys
from threading import Thread

import duckdb

from benchmarks.peers.duckdb_script import COLUMNS, READ, STEPS, TYPED, cleaned, finals, late_steps, load


def main(source: str, folder: str) -> None:
    connection = duckdb.connect()
    cells = ", ".join(f"{cleaned(name)} AS {name}, {name} AS {name}_read" for name in COLUMNS)
    olds = ", ".join(
        f"CASE WHEN {name}_read IS DISTINCT FROM {text(name, name)} THEN {name}_read END AS {name}_old"
        for name in COLUMNS
    )
    load(connection, f"SELECT {', '.join(COLUMNS)}, {olds} FROM (SELECT {cells} FROM {READ.format(source=source)})")
    late = late_steps(connection)
    changes = [entry for name in COLUMNS for entry in cell_changes(name)]
    changes += [entry for name, steps in late.items() for entry in late_changes(name, steps)]
    together(
        connection,
        f"COPY (SELECT {finals(late)} FROM cells WHERE NOT gone) TO '{folder}/clean.parquet' (FORMAT parquet, DICTIONARY_SIZE_LIMIT 1000)",
        f"COPY ({' UNION ALL '.join(changes)}) TO '{folder}/changes.parquet' (FORMAT parquet, DICTIONARY_SIZE_LIMIT 1000)",
    )


def text(name: str, value: str) -> str:
    return f"{value}::VARCHAR" if name in TYPED else value


def cell_changes(name: str) -> list[str]:
    """One SELECT for each step on single cells, over the cells that were not clean as they were read."""
    source = f"(SELECT rowid AS row, {name}_old AS v FROM cells WHERE NOT gone AND {name}_old IS NOT NULL)"
    before, entered = "v", []
    for step, change in STEPS[name]:
        after = f"v{step}"
        source = f"(SELECT *, {change(before)} AS {after} FROM {source})"
        entered.append(entries(step, name, before, text(name, after) if step in (6, 7) else after, source))
        before = after
    return entered


def late_changes(name: str, steps: list[tuple[int, str]]) -> list[str]:
    befores = [name, *(value for _, value in steps)]
    source = f"(SELECT rowid AS row, {name} FROM cells WHERE NOT gone)"
    return [
        entries(step, name, text(name, f"({before})"), text(name, f"({after})"), source)
        for before, (step, after) in zip(befores, steps, strict=False)
    ]


def entries(step: int, name: str, before: str, after: str, source: str) -> str:
    return (
        f"SELECT {step} AS step, row, '{name}' AS \"column\", {before} AS old, {after} AS new "
        f"FROM {source} WHERE {before} IS DISTINCT FROM {after}"
    )


def together(connection: duckdb.DuckDBPyConnection, *statements: str) -> None:
    """At the same time, since one statement alone leaves cores idle while it writes."""
    threads = [Thread(target=lambda each=each: connection.cursor().execute(each)) for each in statements]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
