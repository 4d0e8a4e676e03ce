"""The SQL that a recipe comes to, for people to read and for engines that are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from sqlglot import exp

from sanitizer_core.audit.changes import changes_query
from sanitizer_core.audit.rows import rejected_query, removed_query
from sanitizer_core.chain import Chain, Relation
from sanitizer_core.compile import extend, needs_engine, output_query
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import CompileError, SanitizerError, did_you_mean
from sanitizer_core.fitted import NAMELESS, FittedRecipe
from sanitizer_core.ops.effects import Effect, Rewrite
from sanitizer_core.ops.measured import Measured
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.pipeline.fitting import fit
from sanitizer_core.pipeline.measuring import measured_step
from sanitizer_core.pipeline.numbering import rows_of
from sanitizer_core.pipeline.statement import OUTSIDE, named_for, needed, numbers_rows, with_all
from sanitizer_core.pipeline.typing import READING, reading_effects
from sanitizer_core.plan import ROW, Located, Table, bind, info_of, let_go
from sanitizer_core.recipe import Recipe, StepBase
from sanitizer_core.schema import TEXT, DataType, Schema
from sanitizer_core.sources import open_source
from sanitizer_core.sql import column, lower
from sanitizer_core.sql.dialects.trees import in_words_of
from sanitizer_core.sql.expression import condition as condition_of
from sanitizer_core.types_by_name import type_named

Dialect = Literal["duckdb", "postgres", "spark", "databricks", "snowflake", "bigquery", "redshift", "trino"]
DIALECTS: tuple[str, ...] = get_args(Dialect)

What = Literal["clean", "changes", "removed", "rejected"]
"""The cleaned table, one row for each changed cell, the rows that steps removed, or the rows that could not be read."""

KEEPS_ORDER = ("duckdb",)
"""Dialects whose tables have an order."""

BASE = "input"


@dataclass(frozen=True)
class Compiled:
    """A statement.

    Args:
        sql: the statement, formatted, without a semicolon behind it.
        given: the columns of the input.
        table: the clean table, with what each of its columns is made from, whatever the statement gives.
        notes: sentences for the user, such as an optional step that was left out.
        ordered: whether its rows come in an order that means something.
    """

    sql: str
    given: Schema
    table: Table
    dialect: str
    what: What
    ordered: bool
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> Schema:
        """The columns of the clean table and their types."""
        return self.table.schema


@dataclass
class _Work:
    recipe: Recipe
    fitted: FittedRecipe | None
    chain: Chain
    relations: list[Relation] = field(default_factory=list)
    reading: Sequence[Effect] = ()
    notes: list[str] = field(default_factory=list)


def compile_recipe(
    recipe: Recipe | FittedRecipe,
    dialect: str,
    source: Any | None = None,
    *,
    schema: Schema | None = None,
    typed: bool = False,
    relation: str | exp.Table = "source",
    what: What = "clean",
    ordered: bool = True,
    run: str | None = None,
    further: str | None = None,
) -> Compiled:
    """One SELECT that cleans a table, with a comment per step; or that gives its log, or the rows it took away.

    Fitted values are written into it: from the fitted recipe, or measured on the source. Without either the statement
    measures them itself, where it can be said so.

    Args:
        source: a table at hand, for its columns and for the values that have to be measured.
        schema: the input's columns as the warehouse holds them; else those of the source, else those that the recipe declares.
        typed: of declared columns, whether the table holds them as the declared types already; else they are text.
        relation: what the input is called in the SQL.
        ordered: whether the clean rows are put in the order that the recipe means.
        run: what stands in the column ``run`` of the log.
        further: a word that is put behind the columns of a row, for whoever knows of columns that the recipe does not.

    Raises:
        CompileError: the dialect is unknown or cannot say a step, or something has to be measured first.
    """
    check_dialect(dialect)
    known_what(what)
    fitted = recipe if isinstance(recipe, FittedRecipe) else None
    plain = recipe.source if isinstance(recipe, FittedRecipe) else recipe
    if fitted is None and source is not None:
        fitted = fit(source, plain)
    found = schema or _schema(plain, fitted, source, typed)
    numbered = dialect in KEEPS_ORDER or bool(plain.input.order)
    work = _Work(plain, fitted, Chain(dialect, BASE, Table.of(found), single=True, numbered=numbered))
    _carry_out(work, found)
    with Stepped(dialect):
        return _written(work, found, relation, what, ordered, run, further)


def known_what(word: str) -> What:
    """The word, once it is known to be one of ``What``.

    Raises:
        CompileError: with the nearest that there is.
    """
    found: tuple[What, ...] = get_args(What)
    for each in found:
        if each == word:
            return each
    raise CompileError(
        f"nothing called {word!r} can be compiled", hint=did_you_mean(word, found) or f"There are: {', '.join(found)}."
    )


def check_dialect(dialect: str) -> None:
    """Refuses a dialect that is not one of ``DIALECTS``.

    Raises:
        CompileError: with the nearest that there is.
    """
    if dialect not in DIALECTS:
        raise CompileError(
            f"unknown dialect {dialect!r}", hint=did_you_mean(dialect, DIALECTS) or f"There are: {', '.join(DIALECTS)}."
        )


def _schema(recipe: Recipe, fitted: FittedRecipe | None, source: Any | None, typed: bool) -> Schema:
    if source is not None:
        with DuckDBEngine.open() as engine:
            opened = open_source(source, engine.connection, recipe.input.reading(), scratch=engine.scratch)
            opened.close()
            return opened.schema
    declared = _declared(recipe, fitted)
    if not declared:
        raise CompileError(
            "the columns of the input are not known",
            hint="Name a table with --source, or declare them under input: columns: of the recipe.",
        )
    return Schema.of((name, kind if typed or kind.kind in NAMELESS else TEXT) for name, kind in declared.items())


def _declared(recipe: Recipe, fitted: FittedRecipe | None) -> dict[str, DataType]:
    if fitted is not None:
        return fitted.types
    return {name: type_named(word) for name, word in recipe.input.columns.items()}


def _carry_out(work: _Work, schema: Schema) -> None:
    types = _declared(work.recipe, work.fitted)
    reading = reading_effects(schema, types, frozenset(work.recipe.input.columns))
    work.reading = reading
    if reading:
        with Stepped(work.chain.dialect, 0, "read"):
            _extend(work, 0, reading)
    for number, step in enumerate(work.recipe.steps, 1):
        try:
            with Located(step, number), Stepped(work.chain.dialect, number, step.op):
                _extend(work, number, _effects(work, number, step), step.when)
        except SanitizerError as error:
            work.notes.append(let_go(step, number, error))


class Stepped:
    """Adds the dialect, the step and what else can be done to a refusal on its way out."""

    def __init__(self, dialect: str, number: int = 0, op: str | None = None) -> None:
        self.dialect, self.number, self.op = dialect, number, op

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, CompileError):
            error.at(step=self.number or None, op=self.op, engine=self.dialect)


def _effects(work: _Work, number: int, step: StepBase) -> Sequence[Effect]:
    if work.fitted is None and step.params.stats(work.chain.table.schema):
        return _measured(work, number, step)
    values = work.fitted.steps.get(number, {}) if work.fitted is not None else {}
    return bind(step, number, work.chain.table, Fitted(values)) or ()


def _measured(work: _Work, number: int, step: StepBase) -> Sequence[Effect]:
    """The step's effects by values that the statement measures itself."""
    chain, values = work.chain, Measured()
    bind(step, number, chain.table, None)
    effects = step.params.measured(chain.table.schema, values)
    if effects is None:
        raise CompileError(
            "what it needs of the data has to be known before it can be written as SQL",
            hint="Name a table with --source, or compile a fitted recipe ('sanitizer fit').",
        )
    condition = chain.resolve(condition_of(step.when, chain.table.schema)) if step.when is not None else None
    label = info_of(work.recipe, number).label
    work.chain, relations, made = measured_step(chain, label, values, effects, condition)
    work.relations += relations
    return made


def _extend(work: _Work, number: int, effects: Sequence[Effect], when: str | None = None) -> None:
    info = info_of(work.recipe, number) if number else replace(READING, audit=work.recipe.audit)
    if needs_engine(effects):
        raise CompileError("it runs Python, which SQL cannot say", hint="Run the recipe with 'sanitizer run'.")
    work.chain, made = extend(work.chain, info, effects, when)
    work.relations += made


def _written(
    work: _Work,
    schema: Schema,
    relation: str | exp.Table,
    what: What,
    ordered: bool,
    run: str | None,
    further: str | None,
) -> Compiled:
    chain, dialect = work.chain, work.chain.dialect
    ordered = ordered and what == "clean" and (chain.numbered or bool(chain.order))
    query = _asked(chain, schema, what, ordered, run)
    if further is not None and what != "changes":
        _put_behind(query, further)
    relations = needed(query, work.relations)
    uses = numbers_rows(query, relations)
    table = relation if isinstance(relation, exp.Table) else exp.to_table(relation, dialect=dialect)
    start = rows_of(table, schema, _order(work, schema) if uses else None, dialect, across=what != "clean")
    comment = "the input, its rows numbered from 0" if uses else "the input"
    base = Relation(BASE, start, comment=comment)
    whole = with_all(query, [base, *relations], dialect)
    whole = named_for(whole, {*schema.names, *(slot.name for slot in chain.table.slots)}, dialect)
    sql = _header(work, what) + in_words_of(whole, dialect).sql(dialect, pretty=True)
    return Compiled(sql, schema, chain.table, dialect, what, ordered, (*work.notes, *chain.table.notes))


def _order(work: _Work, schema: Schema) -> list[exp.Ordered]:
    """What the recipe says of the order of the input, by the columns' values as they are read."""
    read = {effect.column: effect.passes[0] for effect in work.reading if isinstance(effect, Rewrite)}
    ordered = [each.ordered(schema) for each in work.recipe.input.order]
    for each in ordered:
        each.set("this", lower(read.get(each.this.name, each.this), work.chain.dialect))
    return ordered


def _asked(chain: Chain, schema: Schema, what: What, ordered: bool, run: str | None) -> exp.Query:
    match what:
        case "changes":
            return changes_query(chain, run)
        case "removed":
            return removed_query(chain, BASE, schema)
        case "rejected":
            return rejected_query(chain, BASE, schema)
        case _:
            query = output_query(chain)
            query.set("order", None)
            order = [exp.Ordered(this=column(name), desc=desc, nulls_first=False) for name, desc in chain.order]
            return query.order_by(*order, column(ROW)) if ordered else query


def _put_behind(query: exp.Query, further: str) -> None:
    """Adds a word to the columns of every part of the query that reads the input's rows."""
    for part in list(query.find_all(exp.Select)):
        if part.args.get("from_") is not None:
            name = exp.to_identifier(further)
            name.meta[OUTSIDE] = True
            part.select(exp.column(name), copy=False)


def _header(work: _Work, what: What) -> str:
    recipe = work.recipe
    told = {
        "clean": "the clean table", "changes": "the log of changed cells", "removed": "the rows that steps removed",
        "rejected": "the rows that could not be read",
    }  # fmt: skip
    lines = [
        f"{' '.join(recipe.name.split())}, version {recipe.version}: {told[what]} ({work.chain.dialect})",
        f"recipe {recipe.digest()}",
        *(note for note in (*work.notes, *work.chain.table.notes)),
    ]
    return "".join(f"-- {' '.join(line.split())}\n" for line in lines)


__all__ = ["DIALECTS", "Compiled", "Dialect", "What", "check_dialect", "compile_recipe", "known_what"]
