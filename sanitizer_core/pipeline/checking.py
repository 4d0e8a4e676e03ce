"""The contract's part of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sanitizer_core.chain import Chain, Relation, unmarked
from sanitizer_core.compile import output_query
from sanitizer_core.engines.protocol import Engine
from sanitizer_core.errors import RecipeError
from sanitizer_core.plan import ROW
from sanitizer_core.recipe import Recipe
from sanitizer_core.record import Status
from sanitizer_core.sql import column

if TYPE_CHECKING:
    from sanitizer_core.contract import Contract, Verdict

CLEAN = "clean"
"""The relation of the clean table with ``@row``, stored when a contract is checked on it."""

BROKEN = "broken"
"""The rows that break the contract, by ``row``."""


def contract_of(recipe: Recipe, given: Contract | str | Path | None) -> Contract | None:
    """The contract that was given, else the recipe's own.

    Raises:
        ContractError: it cannot be read.
    """
    chosen: Any = given if given is not None else recipe.contract
    if chosen is None:
        return None
    from sanitizer_core.contract import Contract  # It takes long to import, and is for runs that have one.

    if isinstance(chosen, Contract):
        return chosen
    if isinstance(chosen, dict):
        return Contract.from_data(chosen, "the recipe's contract")
    path = Path(chosen)
    beside = recipe.folder / path if recipe.folder is not None and given is None else path
    if "@" in path.name and not beside.exists():
        raise RecipeError(f"the contract {str(path)!r} is in a registry", hint="Name a file here, or pull it first.")
    return Contract.load(beside)


def check_output(engine: Engine, chain: Chain, contract: Contract, *, ordered: bool = True) -> Verdict:
    """Holds the clean table against the contract; the table is stored, for it is read several times now.

    Args:
        ordered: whether the order of the rows means something.

    Raises:
        CompileError: the engine cannot say a check.
    """
    from sanitizer_core.contract import check_relation

    engine.create(Relation(CLEAN, output_query(chain, with_row=True), stored=True, comment="the clean table"))
    return check_relation(engine, CLEAN, contract, ROW, ordered=ordered)


def quarantined(verdict: Verdict | None) -> bool:
    """Whether rows that break the contract go to the rejected rows."""
    return verdict is not None and verdict.on_violation == "quarantine" and verdict.rows_failed > 0


def publishes(verdict: Verdict | None) -> bool:
    """Whether the clean table may be written: a contract that says ``fail`` holds it back."""
    return verdict is None or verdict.on_violation != "fail" or verdict.status != "failed"


def status_after(verdict: Verdict | None) -> Status:
    """The status of the run as far as the contract goes.

    Where rows were quarantined, the output holds what the contract asks; that is a warning, unless more failed
    than a threshold allows or what failed is not a matter of rows.
    """
    if verdict is None:
        return "passed"
    if verdict.status == "failed" and verdict.on_violation == "quarantine" and verdict.rows_can_be_removed:
        exceeded = [
            check for check in verdict.checks if not check.passed and check.severity == "error" and check.threshold
        ]
        return "failed" if exceeded else "warned"
    return verdict.status


def kept_rows(query: exp.Select, verdict: Verdict | None, chain: Chain) -> exp.Select:
    """The query over the clean table, without the rows that were quarantined."""
    if verdict is None or not quarantined(verdict):
        return query
    if chain.bitmaps:
        return query.where(unmarked(BROKEN, chain.rows))
    away = exp.select(column(ROW)).from_(exp.to_identifier(BROKEN, quoted=True))
    return query.where(exp.Not(this=exp.In(this=column(ROW), query=away.subquery())))


def broken_query(verdict: Verdict) -> exp.Select:
    """The rows that go to quarantine, each with every reason it has."""
    failing = exp.to_identifier(verdict.failing_view, quoted=True)
    items = exp.alias_(exp.column("row"), ROW, quoted=True), exp.column("row"), exp.column("reasons")
    return exp.select(*items).from_(failing).where(exp.column("severity").eq("error"))
