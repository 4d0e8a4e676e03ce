"""The macro of a contract's version: the rows that break it, in a variant for each adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from sanitizer_core.contract import Contract, contract_query
from sanitizer_core.contract.dtypes import expected_of
from sanitizer_core.contract.pandera_spec import pandera_spec
from sanitizer_core.contract.reference import referenced
from sanitizer_core.contract.schema_problems import table_spec
from sanitizer_core.contract.spec import ColumnSpec, TableSpec
from sanitizer_core.contract.terms import Terms
from sanitizer_core.dbt.compiled import SOURCE
from sanitizer_core.dbt.jinja import constant, refusal
from sanitizer_core.dbt.variants import bound, variants
from sanitizer_core.errors import CompileError, ContractError, ProjectError, Where
from sanitizer_core.schema import DataType, Kind, Schema
from sanitizer_core.sql.tree import sql_type


@dataclass(frozen=True)
class ContractJob:
    """A contract for the columns of the tables that are held against it."""

    contract: Contract
    columns: Mapping[str, DataType]

    @property
    def schema(self) -> Schema:
        return Schema.of(self.columns.items())


def spec_of(contract: Contract) -> TableSpec:
    """What the contract asks, whichever way its schema was written."""
    if contract.table is not None:
        return table_spec(contract.table)
    return pandera_spec(referenced(contract.python or ""))


def declared_columns(contract: Contract, file: str) -> dict[str, DataType]:
    """The columns that the contract names, with its types for them.

    Raises:
        ProjectError: it does not say the type of one, or speaks of columns by a pattern.
    """
    found: dict[str, DataType] = {}
    spec = spec_of(contract)
    for column in spec.columns:
        kind = _kind(column, spec)
        if kind is None or column.regex:
            raise ProjectError(
                f"the contract {contract.name} v{contract.version} does not say the type of {column.name!r}",
                where=Where(file=file),
                hint="Give it a dtype there, or name a 'relation' or 'columns' in the contract's pin.",
            )
        if column.required:
            found[column.name] = kind
    return found


_KINDS: dict[str, Kind] = {
    "integer": "integer", "float": "float", "text": "text", "boolean": "boolean", "timestamp": "timestamp",
    "timestamptz": "timestamptz", "date": "date", "time": "time", "binary": "binary", "category": "text",
}  # fmt: skip


def _kind(column: ColumnSpec, spec: TableSpec) -> DataType | None:
    name = spec.dtype or column.dtype
    expected = expected_of(name) if name is not None else None
    if expected is None:
        return None
    if expected.kind == "decimal":
        return DataType("decimal", expected.precision or 38, expected.scale or 0)
    return DataType(_KINDS[expected.kind]) if expected.kind in _KINDS else None


def contract_file(name: str, head: str, job: ContractJob, adapters: Sequence[str]) -> str:
    """The macro ``sanitizer_contract_NAME(what, source)``, in a variant for each adapter."""
    bodies = {adapter: _branches(job, adapter) for adapter in adapters}
    return variants(f"sanitizer_contract_{name}", "what, source", head, bodies)


def _branches(job: ContractJob, adapter: str) -> str:
    types = {name: sql_type(kind).sql(adapter) for name, kind in job.columns.items()}
    return (
        f"{{%- if what == 'types' -%}}\n{{{{ return({constant(types)}) }}}}\n"
        f"{{%- else -%}}\n{_body(job, adapter)}\n{{%- endif -%}}\n"
    )


def _body(job: ContractJob, adapter: str) -> str:
    relation = exp.Table(this=exp.to_identifier(SOURCE))
    try:
        return bound(contract_query(job.contract, job.schema, relation, adapter).sql(adapter, pretty=True))
    except (CompileError, ContractError) as error:
        told = " ".join(str(problem) for problem in error.problems)
        return refusal(f"The contract {job.contract.name} v{job.contract.version} cannot be had on {adapter}: {told}")


def told_of(job: ContractJob, name: str) -> dict[str, Any]:
    """What the package's macros have to know before they ask for SQL."""
    contract, spec = job.contract, spec_of(job.contract)
    terms = Terms(contract.severities, contract.thresholds)
    return {
        "macro": name,
        "digest": contract.digest(),
        "columns": {each: kind.kind for each, kind in job.columns.items()},
        "severities": {each: terms.severity(f"{each}.required", each) for each in job.columns},
        "strict": spec.strict is True,
        "modes": ["typed"],
        "on_new_columns": "pass",
    }
