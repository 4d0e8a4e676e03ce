"""A contract in dbt's own words: column types, an enforced contract, and plain tests in a ``schema.yml``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sanitizer_core.contract import Contract
from sanitizer_core.contract.spec import CheckSpec, ColumnSpec, TableSpec
from sanitizer_core.contract.terms import Terms
from sanitizer_core.dbt.contracts import declared_columns, spec_of
from sanitizer_core.errors import ContractError, Where
from sanitizer_core.sql.tree import sql_type


def model_of(contract: Contract, model: str, adapter: str, *, plain: bool = True) -> dict[str, Any]:
    """What a model's entry in a ``schema.yml`` says for a contract.

    Args:
        plain: whether what dbt's own tests can say is said by them too, beside ``sanitizer.meets_contract``.

    Raises:
        ProjectError: the contract does not say the type of a column.
    """
    spec, terms = spec_of(contract), Terms(contract.severities, contract.thresholds)
    types = declared_columns(contract, contract.name)
    columns = []
    for each in spec.columns:
        if each.name in types:
            entry: dict[str, Any] = {"name": each.name, "data_type": sql_type(types[each.name]).sql(adapter).lower()}
            tests = list(_tests(each, types[each.name].is_text, terms)) if plain else []
            columns.append(entry | ({"data_tests": tests} if tests else {}))
    arguments = {"contract": contract.name, "version": contract.version}
    return {
        "name": model,
        **({"description": contract.description} if contract.description else {}),
        "config": {"contract": {"enforced": _all_are_told(spec)}},
        "columns": columns,
        "data_tests": [{"sanitizer.meets_contract": {"arguments": arguments}}],
    }


def _all_are_told(spec: TableSpec) -> bool:
    """An enforced contract of dbt names every column of the model: a contract that lets further ones be cannot be one."""
    return spec.strict is True and all(column.required for column in spec.columns)


def _tests(column: ColumnSpec, is_text: bool, terms: Terms) -> Iterator[Any]:
    """The tests that dbt has; not where a threshold counts rows, for dbt counts values there."""
    asked: list[tuple[str, str, dict[str, Any]]] = []
    if not column.nullable:
        asked.append(("not_null", "not_null", {}))
    if column.unique and column.report_duplicates == "all":
        asked.append(("unique", "unique", {}))
    for check in column.checks:
        values = _values(check)
        if values is not None:
            asked.append(("accepted_values", "isin", {"values": values} | ({} if is_text else {"quote": False})))
    for name, check_name, arguments in asked:
        if terms.threshold(f"{column.name}.{check_name}", column.name) is None:
            yield _test(name, arguments, terms.severity(f"{column.name}.{check_name}", column.name))


def _values(check: CheckSpec) -> list[Any] | None:
    if check.name != "isin" or not check.ignore_na:
        return None
    values = next(iter(check.arguments.values()), None)
    return list(values) if isinstance(values, list | tuple) else None


def _test(name: str, arguments: dict[str, Any], severity: str) -> Any:
    body: dict[str, Any] = {"arguments": arguments} if arguments else {}
    if severity == "warning":
        body["config"] = {"severity": "warn"}
    return {name: body} if body else name


def put_into(path: Path | None, entry: dict[str, Any]) -> str:
    """The text of a ``schema.yml`` with a model's entry in it, in the place of one of its name; others stay.

    Raises:
        ContractError: the file is there and is no ``schema.yml``.
    """
    told: Any = {"version": 2, "models": []}
    if path is not None and path.exists():
        try:
            told = yaml.safe_load(path.read_text(encoding="utf-8")) or told
        except (OSError, yaml.YAMLError) as error:
            raise ContractError(
                f"the file cannot be read: {str(error).splitlines()[0]}", where=Where(file=str(path))
            ) from None
    if not isinstance(told, dict) or not isinstance(told.setdefault("models", []), list):
        raise ContractError("this is no schema.yml: it has no list of models", where=Where(file=str(path)))
    others = [each for each in told["models"] if not (isinstance(each, dict) and each.get("name") == entry["name"])]
    told["models"] = [*others, entry]
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120)
