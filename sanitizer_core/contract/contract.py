"""Contracts: a Pandera schema with a name, a version, severities and thresholds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sanitizer_core.contract.canonical import digest_of
from sanitizer_core.contract.check_ids import unknown_names
from sanitizer_core.contract.envelope import OnViolation, Severity, Threshold
from sanitizer_core.contract.schema_problems import schema_troubles, table_spec
from sanitizer_core.document import Document, parse_document, read_document
from sanitizer_core.errors import ContractError, Problem, Where, did_you_mean

_REFERENCE = re.compile(r"[^\W\d][\w.]*:[^\W\d][\w.]*")


class Contract(BaseModel):
    """What clean means for a table, with a name and a version.

    The schema is either what ``pandera.io`` writes (``schema``) or the place of a Pandera class in Python code
    (``python: package.module:Schema``), which is imported only when a table is checked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(alias="contract", min_length=1)
    version: int = Field(default=1, ge=1)
    description: str | None = None
    owner: str | None = None
    on_violation: OnViolation = Field(default="quarantine", description="What a run does when the contract is broken.")
    severities: dict[str, Severity] = Field(default={}, description="By check (email.str_matches) or by column.")
    thresholds: dict[str, Threshold] = Field(default={}, description="By check: how much may fail.")
    table: dict[str, Any] | None = Field(default=None, alias="schema", description="A schema as pandera.io writes it.")
    python: str | None = Field(default=None, description="package.module:Schema")

    @classmethod
    def load(cls, path: str | Path) -> Contract:
        """The contract in a YAML or JSON file; a file that Pandera's ``to_yaml`` wrote is one, named after the file.

        Raises:
            ContractError: with every problem at once, each with its line.
        """
        return cls.from_document(read_document(path, ContractError))

    @classmethod
    def loads(cls, text: str, name: str = "contract.yaml") -> Contract:
        """The contract in a text (see ``load``); ``name`` is how messages call it."""
        return cls.from_document(parse_document(text, name, ContractError))

    @classmethod
    def from_data(cls, data: Mapping[str, Any], name: str = "contract") -> Contract:
        """The contract in plain data, such as the ``contract:`` of a recipe (see ``load``)."""
        return cls.from_document(Document(dict(data), name))

    @classmethod
    def from_document(cls, document: Document) -> Contract:
        """The contract that a document holds (see ``load``)."""
        data = document.data
        if not isinstance(data, dict):
            raise ContractError("a contract is a mapping with 'contract' and 'schema'", where=_where(document, ()))
        if "contract" not in data and ("columns" in data or data.get("schema_type") == "dataframe"):
            return cls._around(document, data)
        return cls._validated(document, data, ("schema",))

    @classmethod
    def _around(cls, document: Document, schema: dict[str, Any]) -> Contract:
        name = schema.get("name") or Path(document.name).stem
        return cls._validated(document, {"contract": str(name), "schema": schema}, ())

    @classmethod
    def _validated(cls, document: Document, data: dict[str, Any], prefix: tuple[str, ...]) -> Contract:
        schema = data.get("schema")
        found = _schema_problems(document, schema, prefix) if isinstance(schema, dict) else []
        found += _reference_problems(document, data)
        try:
            contract = cls.model_validate(data)
        except ValidationError as error:
            found += [
                _problem(document, detail["loc"], detail["type"], detail["msg"], detail["input"])
                for detail in error.errors()
            ]
        else:
            found += _name_problems(document, contract) if not found else []
            if not found:
                return contract
        found.sort(key=lambda problem: problem.where.line or 0)
        raise ContractError("the contract has problems", found=found, where=Where(file=document.name))

    def plain(self) -> dict[str, Any]:
        """The contract as plain JSON data, defaults left out."""
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {"contract": self.name, "version": self.version} | data

    def dump(self, path: str | Path) -> None:
        """Writes the contract as YAML, or as JSON when the name ends so."""
        Path(path).write_text(self.dumps(as_json=str(path).endswith(".json")), encoding="utf-8")

    def dumps(self, *, as_json: bool = False) -> str:
        """The contract as YAML or JSON."""
        if as_json:
            return json.dumps(self.plain(), indent=2, ensure_ascii=False)
        return yaml.dump(self.plain(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical form of what affects the verdict.

        A schema in Python code counts by its name: what the code does cannot be seen in it.
        """
        return digest_of(
            schema=self.table,
            python=self.python,
            on_violation=self.on_violation,
            severities=dict(self.severities),
            thresholds={name: threshold.model_dump(exclude_none=True) for name, threshold in self.thresholds.items()},
        )


class _Dumper(yaml.SafeDumper):
    """Text that our reader would take for a number or a truth value is quoted by it as well; nothing is aliased."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _where(document: Document, place: tuple[str | int, ...], column: str | None = None) -> Where:
    return Where(file=document.name, line=document.line_of(place), column=column)


def _schema_problems(document: Document, schema: dict[str, Any], prefix: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(trouble.message, _where(document, (*prefix, *trouble.place), trouble.column), trouble.hint)
        for trouble in schema_troubles(schema)
    ]


def _reference_problems(document: Document, data: dict[str, Any]) -> list[Problem]:
    python, schema = data.get("python"), data.get("schema")
    if (python is None) == (schema is None):
        told = "both" if python else "neither"
        return [Problem(f"a contract has either 'schema' or 'python', this one has {told}", _where(document, ()))]
    if isinstance(python, str) and not _REFERENCE.fullmatch(python):
        return [
            Problem(f"'python' cannot be {python!r}", _where(document, ("python",)), "Write package.module:Schema.")
        ]
    return []


def _problem(document: Document, loc: tuple[str | int, ...], kind: str, message: str, got: Any) -> Problem:
    key = str(loc[-1]) if loc else "contract"
    if kind == "extra_forbidden":
        known = (
            Threshold.model_fields
            if loc[0] == "thresholds"
            else [field.alias or name for name, field in Contract.model_fields.items()]
        )
        return Problem(f"unknown key {key!r}", _where(document, loc), did_you_mean(key, known))
    if kind == "missing":
        return Problem(f"{key!r} is missing", _where(document, loc[:-1]))
    words = message.removeprefix("Value error, ")
    return Problem(f"{key!r}: {words[:1].lower()}{words[1:]}, got {got!r}", _where(document, loc))


def _name_problems(document: Document, contract: Contract) -> list[Problem]:
    """Names under ``severities`` and ``thresholds`` that no check has; a schema in Python is asked when it is compiled."""
    if contract.table is None:
        return []
    found = unknown_names(table_spec(contract.table), contract.severities, contract.thresholds)
    return [Problem(message, _where(document, (part, name)), hint) for part, name, message, hint in found]
