"""Recipes: ordered, versioned steps, as a user writes them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)

from sanitizer_core.document import Document, parse_document, read_document
from sanitizer_core.errors import RecipeError, Where
from sanitizer_core.ops import Operation, catalogue
from sanitizer_core.ops.order import Order
from sanitizer_core.recipe_problems import problems_of
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sql.expression import check_expression
from sanitizer_core.types_by_name import TypeName

Audit = Literal["cells", "summary", "none"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class StepBase(_Part):
    """What every step may say, whatever its operation."""

    if TYPE_CHECKING:
        op: str
        params: Operation

    id: str | None = Field(default=None, description="A name for the step, unique in the recipe.")
    when: str | None = Field(
        default=None, description="A condition: the step applies to the rows for which it is true."
    )
    optional: bool = Field(default=False, description="A missing column is noted, and the step is left out.")
    on_error: Literal["fail", "skip"] = Field(
        default="fail", description="What happens when the step cannot be applied."
    )
    audit: Audit | None = Field(default=None, description="How the step's changes are logged; else as the recipe says.")
    description: str | None = Field(default=None, description="Why the step is there; changes nothing.")

    _check_when = field_validator("when")(check_expression)


def _step_model(operation: type[Operation]) -> type[StepBase]:
    needs_params = any(field.is_required() for field in operation.model_fields.values())
    params: Any = (operation, ... if needs_params else Field(default={}, validate_default=True))
    op: Any = (Literal[operation.op], ...)
    return create_model(f"{operation.__name__}Step", __base__=StepBase, op=op, params=params)


if TYPE_CHECKING:
    Step = StepBase
else:
    Step = Annotated[Union[tuple(map(_step_model, catalogue().values()))], Field(discriminator="op")]  # noqa: UP007 (from a tuple)


class Input(ReadOptions):
    """How the input is read, and what its columns are."""

    columns: dict[str, TypeName] = Field(
        default={}, description="Declared types by column; a cell that is not of it rejects its row."
    )
    infer: bool = Field(
        default=True, description="Whether text columns whose every value is a number or date become one."
    )

    order: Order = Field(
        default=(),
        description="The order of the input's rows: columns whose values name it, for a table of a warehouse has none.",
    )

    def reading(self) -> ReadOptions:
        """The part of it that a reader needs."""
        return ReadOptions(**{name: getattr(self, name) for name in ReadOptions.model_fields})


class Weights(_Part):
    """What each dimension counts in the overall score; they are scaled to a sum of 1."""

    completeness: float = Field(default=0.4, ge=0)
    uniqueness: float = Field(default=0.3, ge=0)
    consistency: float = Field(default=0.2, ge=0)
    integrity: float = Field(default=0.1, ge=0)

    @model_validator(mode="after")
    def _something_counts(self) -> Weights:
        if self.completeness + self.uniqueness + self.consistency + self.integrity <= 0:
            raise ValueError("at least one weight has to be greater than 0")
        return self


class Quality(_Part):
    """How the score is made, and what is asked of it."""

    weights: Weights = Weights()
    minimum: float | None = Field(default=None, ge=0, le=100, description="The least overall score after cleaning.")


class Recipe(_Part):
    """Ordered steps that clean a table, with a name and a version."""

    name: str = Field(min_length=1)
    version: int = Field(default=1, ge=1)
    description: str | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    input: Input = Input()
    steps: tuple[Step, ...] = ()
    contract: str | dict[str, Any] | None = Field(
        default=None, description="The contract: a file beside the recipe, or the contract itself."
    )
    quality: Quality = Quality()
    audit: Audit = Field(default="cells", description="How changes are logged, unless a step says otherwise.")

    _folder: Path | None = PrivateAttr(default=None)

    @property
    def folder(self) -> Path | None:
        """Where the recipe's file stands, so that the contract beside it is found; ``None`` when it came as text."""
        return self._folder

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Recipe:
        ids = [step.id for step in self.steps if step.id]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"two steps have the id {twice[0]!r}")
        return self

    @classmethod
    def load(cls, path: str | Path) -> Recipe:
        """The recipe in a YAML or JSON file.

        Raises:
            RecipeError: with every problem at once, each with its line and step.
        """
        recipe = cls.from_document(read_document(path))
        recipe._folder = Path(path).parent
        return recipe

    @classmethod
    def loads(cls, text: str, name: str = "recipe.yaml") -> Recipe:
        """The recipe in a text; ``name`` is how messages call it."""
        return cls.from_document(parse_document(text, name))

    @classmethod
    def from_document(cls, document: Document) -> Recipe:
        """The recipe that a document holds (see ``load``)."""
        if not isinstance(document.data, dict):
            raise RecipeError("a recipe is a mapping with 'name' and 'steps'", where=Where(file=document.name, line=1))
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            raise RecipeError("the recipe has problems", found=problems_of(error, document, catalogue())) from None

    def plain(self) -> dict[str, Any]:
        """The recipe as plain JSON data, defaults left out."""
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"steps"})
        return (
            {"name": self.name, "version": self.version} | data | {"steps": [_plain_step(step) for step in self.steps]}
        )

    def dump(self, path: str | Path) -> None:
        """Writes the recipe as YAML, or as JSON when the name ends so."""
        data = self.plain()
        as_json = str(path).endswith(".json")
        text = (
            json.dumps(data, indent=2, ensure_ascii=False)
            if as_json
            else yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        )
        Path(path).write_text(text, encoding="utf-8")

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical form of what affects data: two recipes that clean alike agree."""
        told = {"id", "description", "audit"}
        affects = {
            # What was not there when digests were first made is left out where it says nothing.
            "input": self.input.model_dump(mode="json", exclude=set() if self.input.order else {"order"}),
            "contract": self.contract,
            "steps": [
                {key: value for key, value in step.model_dump(mode="json").items() if key not in told}
                for step in self.steps
            ],
        }
        canonical = json.dumps(affects, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def audit_of(self, step: StepBase) -> Audit:
        """How the changes of a step are logged."""
        return step.audit or self.audit

    @property
    def keeps_no_log(self) -> bool:
        """Whether no change is logged, or counted."""
        return all(audit == "none" for audit in (self.audit, *map(self.audit_of, self.steps)))


def _plain_step(step: StepBase) -> dict[str, Any]:
    params = step.params.model_dump(mode="json", by_alias=False, exclude_defaults=True)
    rest = step.model_dump(mode="json", exclude_defaults=True, exclude={"op", "params"})
    return {"op": step.op} | ({"params": params} if params else {}) | rest
