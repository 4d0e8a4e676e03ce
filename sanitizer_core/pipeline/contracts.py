"""Contracts on sources: checking a table as it is, and proposing a contract from one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlglot import exp

from sanitizer_core.chain import Relation
from sanitizer_core.contract import Contract, Verdict, check_contract, infer_contract
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.pipeline.reading import Reading, read_numbered
from sanitizer_core.pipeline.typing import guess_types, reading_effects
from sanitizer_core.plan import ROW
from sanitizer_core.sinks import write_table
from sanitizer_core.sources import open_source
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sql import column, lower


@dataclass(frozen=True)
class Checked:
    """A verdict, and how many lines of the source could not be read at all."""

    verdict: Verdict
    lines: int


def check_source(
    contract: Contract | str | Path, source: Any, rejected: str | None = None, *, strict: bool = False
) -> Checked:
    """Holds a source against a contract.

    Args:
        rejected: where the failing rows go, each with ``_row`` and ``_reasons``.

    Raises:
        SanitizerError: the contract or the source cannot be read.
    """
    agreed = contract if isinstance(contract, Contract) else Contract.load(contract)
    with DuckDBEngine.open() as engine:
        reading = Reading(open_source(source, engine.connection, ReadOptions(strict=strict), scratch=engine.scratch))
        try:
            opened = read_numbered(engine, reading, "table")
            verdict = check_contract(engine.connection, "table", agreed, ROW, untyped=opened.is_text)
            lines = _count(engine, opened.rejected_view) if opened.rejected_view else 0
            if rejected is not None:
                write_table(engine.connection, _failing_rows(verdict, opened), rejected)
        finally:
            reading.opened.close()
    return Checked(verdict, lines)


def _count(engine: DuckDBEngine, relation: str) -> int:
    return int(engine.fetch(exp.select("count(*)").from_(exp.to_identifier(relation, quoted=True)))[0][0])


def _failing_rows(verdict: Verdict, opened: Opened) -> exp.Select:
    failing = exp.Table(this=exp.to_identifier(verdict.failing_view, quoted=True), alias="failing")
    number = exp.column("row", table="failing")
    cells = [exp.column(exp.to_identifier(name, quoted=True), table="whole") for name in opened.schema.names]
    items = [exp.alias_(number, "_row"), exp.alias_(exp.column("reasons", table="failing"), "_reasons"), *cells]
    same = exp.EQ(this=exp.column(exp.to_identifier(ROW, quoted=True), table="whole"), expression=number.copy())
    whole = exp.Table(this=exp.to_identifier("table", quoted=True), alias="whole")
    return exp.select(*items).from_(failing).join(whole, on=same).order_by(number.copy())


def infer_from(source: Any, name: str) -> Contract:
    """A contract that a source keeps: types, nulls, ranges, allowed values.

    Raises:
        SanitizerError: the source cannot be read.
    """
    with DuckDBEngine.open() as engine:
        reading = Reading(open_source(source, engine.connection, ReadOptions(), scratch=engine.scratch))
        try:
            relation = _typed(engine, read_numbered(engine, reading, "table"))
            return infer_contract(engine.connection, relation, engine.schema_of(relation), name)
        finally:
            reading.opened.close()


def _typed(engine: DuckDBEngine, opened: Opened) -> str:
    """The source with text columns that are numbers or dates throughout read as such."""
    guesses = guess_types(engine, "table", opened.schema, rows=None) if opened.is_text else {}
    types = {name: guess.type for name, guess in guesses.items() if guess.lossless}
    parsed = {effect.column: effect.passes[0] for effect in reading_effects(opened.schema, types, frozenset())}  # type: ignore[union-attr]
    items = [
        exp.alias_(lower(parsed.get(each.name, column(each.name)), engine.dialect), each.name, quoted=True)
        for each in opened.schema
    ]
    engine.create(Relation("typed", exp.select(*items).from_(exp.to_identifier("table", quoted=True))))
    return "typed"
