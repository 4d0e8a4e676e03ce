"""The shape of a schema as Pandera writes it to YAML or JSON, held strictly: Pandera reads over a misspelt key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator

from sanitizer_core.contract.spec import Keep

Place = tuple[str | int, ...]


class _Shape(BaseModel):
    # One message for a value that may have several forms, instead of one for each form that it has not.
    @field_validator("checks", mode="after", check_fields=False)
    @classmethod
    def _checks_have_a_form(cls, checks: Any) -> Any:
        entries = checks if isinstance(checks, list) else []
        if (checks is not None and not isinstance(checks, list | dict)) or not all(
            isinstance(each, dict) for each in entries
        ):
            raise ValueError("has to be a list of mappings, or a mapping by the names of checks")
        return checks


class ColumnShape(_Shape):
    """A column; each further key is a check and its value."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: Any = None
    title: str | None = None
    description: str | None = None
    dtype: str | None = None
    nullable: StrictBool = False
    unique: StrictBool = False
    report_duplicates: Keep = "all"
    coerce: StrictBool = False
    required: StrictBool = True
    regex: StrictBool = False
    default: Any = None
    drop_invalid_rows: StrictBool = False
    checks: Any = None

    def entries(self) -> Iterator[tuple[Place, str, Any]]:
        """Every check: where it stands, its name as written, and its value."""
        yield from _listed(self.checks)
        for name, value in (self.model_extra or {}).items():
            yield (name,), name, value


class TableShape(_Shape):
    """A whole schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_type: Literal["dataframe"] = "dataframe"
    version: str | None = None
    api: str | None = None
    dataframe_library: str | None = None
    columns: dict[str, ColumnShape | None] | None = None
    checks: Any = None
    index: list[dict[str, Any]] | None = None
    multiindex: dict[str, Any] | None = None
    dtype: str | None = None
    coerce: StrictBool = False
    strict: Any = False
    name: str | None = None
    ordered: StrictBool = False
    unique: Any = None
    report_duplicates: Keep = "all"
    unique_column_names: StrictBool = False
    add_missing_columns: StrictBool = False
    on_missing_columns: Literal["warn"] | None = None
    title: str | None = None
    description: str | None = None
    metadata: dict[str, Any] | None = Field(default=None)
    drop_invalid_rows: StrictBool = False

    @field_validator("columns", mode="before")
    @classmethod
    def _columns_by_name(cls, columns: Any) -> Any:
        """Pandera writes a list where a name is not text; such a list of texts is read as well."""
        if not isinstance(columns, list):
            return columns
        if not all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in columns):
            raise ValueError("in a list, each column needs a 'name' that is text")
        return {each["name"]: each for each in columns}

    @field_validator("strict")
    @classmethod
    def _strict_is_known(cls, strict: Any) -> Any:
        if strict not in (True, False, "filter") or isinstance(strict, int) != isinstance(strict, bool):
            raise ValueError("has to be true, false or 'filter'")
        return strict

    @field_validator("unique")
    @classmethod
    def _unique_names_columns(cls, unique: Any) -> Any:
        names = [unique] if isinstance(unique, str) else unique
        if names is not None and not _names_columns(names):
            raise ValueError("has to be the name of a column, a list of names, or a list of such lists")
        return unique

    def named_columns(self) -> Iterator[tuple[Place, str, ColumnShape]]:
        """Every column: where it stands, and its name."""
        for name, column in (self.columns or {}).items():
            yield ("columns", name), name, column or ColumnShape()

    def entries(self) -> Iterator[tuple[Place, str, Any]]:
        """Every check of the table as a whole."""
        yield from _listed(self.checks)


def _names_columns(names: Any) -> bool:
    if not isinstance(names, list):
        return False
    lists = [each for each in names if isinstance(each, list)]
    return all(isinstance(name, str) for each in (lists or [names]) for name in each) and len(lists) in (0, len(names))


def _listed(checks: list[dict[str, Any]] | dict[str, Any] | None) -> Iterator[tuple[Place, str, Any]]:
    """Both forms of ``checks``: a list whose entries name their check under ``options``, or a mapping by name."""
    if isinstance(checks, dict):
        for name, value in checks.items():
            yield ("checks", name), name, value
        return
    for position, entry in enumerate(checks or []):
        options = entry.get("options")
        named = options.get("check_name") if isinstance(options, dict) else None
        arguments = {key: value for key, value in entry.items() if key != "options"}
        rest = {key: value for key, value in (options or {}).items() if key != "check_name"} if named else {}
        yield ("checks", position), str(named or ""), _merged(arguments, rest)


def _merged(arguments: dict[str, Any], options: dict[str, Any]) -> Any:
    if set(arguments) == {"value"} and not options:
        return arguments["value"]
    return {**arguments, **options} or None
