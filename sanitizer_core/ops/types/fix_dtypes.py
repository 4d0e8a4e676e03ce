"""The operation ``fix_dtypes``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sanitizer_core.errors import PlanError, Problem, Where
from sanitizer_core.ops.base import AnyCase, Needs, Operation
from sanitizer_core.ops.effects import Effect
from sanitizer_core.ops.selector import ColumnSelector
from sanitizer_core.ops.stat import Fitted, Stat
from sanitizer_core.ops.types.conversions import Settings, converted
from sanitizer_core.ops.types.failing import ON_FAILURE, OnFailure, Reading, reading_effects, with_article
from sanitizer_core.ops.types.reading_dates import POSIX_PIVOT, DateReading, Formats, Zone, one_or_many
from sanitizer_core.ops.types.reading_numbers import DecimalMark, NumberReading, Percent, Rounding, ThousandsMarks
from sanitizer_core.schema import Column, DataType, Schema
from sanitizer_core.sql import column
from sanitizer_core.sql.date_formats import date_format
from sanitizer_core.types_by_name import TypeName, type_named

TRUE_WORDS = ("true", "t", "yes", "y", "on", "1")
FALSE_WORDS = ("false", "f", "no", "n", "off", "0")

Words = Annotated[tuple[str, ...], BeforeValidator(one_or_many)]


class FixDtypes(Operation):
    """Gives columns a type, and reads their cells as values of it.

    The short form is a mapping of columns to types; with further parameters the mapping stands under `columns`:

    ```yaml
    - op: fix_dtypes
      params: {date_joined: datetime, id: string}
    - op: fix_dtypes
      params:
        columns: {price: "decimal(10,2)", "q_*": boolean}
        decimal: ","
        on_failure: reject
    ```

    Types have the names of SQL, Python and pandas (`bigint`, `str`, `float64`), whatever their case.
    It is the long form whenever `columns` holds a mapping, so a column called like a parameter is no difficulty. Where a
    selector and a plain name fit the same column, the plain name wins.

    | type | what text is read |
    |---|---|
    | `string`, `category` | any; the cells stay |
    | `integer` | whole numbers of 64 bits; `5.0` and `1e3` are whole |
    | `decimal(p,s)` | numbers of up to `p` digits, `s` of them behind the point; `decimal` alone is `decimal(18,3)` |
    | `float` | numbers, as the nearest double; neither infinity nor NaN |
    | `boolean` | true, t, yes, y, on, 1, and false, f, no, n, off, 0, whatever their case; and `true_words`, `false_words` |
    | `date`, `time`, `datetime` | ISO 8601 (`2024-02-29`, `2024-02-29T23:59:59.5Z`, `23:59`), or by `formats` |
    | `datetimetz` | the same as an instant; a cell without an offset is taken in `timezone` |

    A number may have blanks around it, a sign in front, a minus behind or parentheses around it (accounting: `(5)` is -5),
    marks between thousands in their right places, a currency sign or code, a percent sign, an exponent. A number that is too
    large, or has more digits than the type holds, is a failure and never cut; with `rounding: half_up` decimals and integers
    are rounded, halves away from zero. A decimal or integer with an exponent, or divided by 100, may have 15 digits.
    `decimal: auto` takes the mark by which more cells of the whole column are numbers, and the log says so.

    Typed columns are converted where that makes sense and no value is lost: a float that is not whole is a failure as an
    integer, and so is a timestamp that is not midnight as a date (unless `drop_time`). What makes no sense (a date as a
    number) is refused before any data is read.

    Null stays null, and a blank cell becomes null (in a column of type string it stays). Every cell whose text is not the
    canonical text of its value is in the log (`5` to 5 is a change of type only, `05` to 5 is a change), so the run can be
    undone to the letter.
    """

    op: ClassVar[str] = "fix_dtypes"
    family: ClassVar[str] = "types"

    columns: dict[str, TypeName] = Field(
        alias="cols", min_length=1, description="Type by column (or by glob, /pattern/ or type word)."
    )
    decimal: DecimalMark = Field(
        default=".", description="The decimal mark: `.`, `,`, or `auto` to find it in the data."
    )
    thousands: ThousandsMarks = Field(
        default=None,
        description="Marks that may stand between thousands: of `,`, `.`, blank, `'` and `_`; `none`, or `any` but the decimal mark.",
    )
    currency: Words | None = Field(
        default=None,
        description="Signs or codes that may stand beside a number; any currency when left out, none when empty.",
    )
    percent: Annotated[Percent, AnyCase] = Field(
        default="keep",
        description="A percent sign is taken off (`5 %` is 5), divides by 100 (0.05), or makes the cell a failure.",
    )
    rounding: Annotated[Rounding, AnyCase] = Field(
        default="fail",
        description="More digits than an integer or decimal holds are a failure, or are rounded half up.",
    )
    true_words: Words = Field(default=(), description="Further words for true.")
    false_words: Words = Field(default=(), description="Further words for false.")
    formats: Formats = Field(
        default=("iso",), description="How dates and times are written, tried in order; see parse_dates."
    )
    two_digit_pivot: int = Field(
        default=POSIX_PIVOT, ge=0, le=100, description="Two-digit years from here on are of the 1900s."
    )
    timezone: Zone = Field(
        default="UTC", description="The zone of moments that name none, and of clock times made from instants."
    )
    drop_time: bool = Field(
        default=False, description="Take the date of a moment that is not midnight, rather than failing."
    )
    on_failure: OnFailure = Field(default="null", description=ON_FAILURE)

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        """A mapping without a mapping under ``columns`` is itself the mapping of columns to types."""
        if not isinstance(data, Mapping) or any(isinstance(data.get(key), Mapping) for key in ("columns", "cols")):
            return data
        odd = [key for key, word in data.items() if key in cls.model_fields and not _is_type(word)]
        if odd:
            raise ValueError(
                f"{odd[0]!r} stands beside columns. With parameters, write {{columns: {{...}}, {odd[0]}: ...}}"
            )
        return {"columns": dict(data)}

    @model_validator(mode="after")
    def _words_are_on_one_side(self) -> FixDtypes:
        both = set(self._words(TRUE_WORDS, self.true_words)) & set(self._words(FALSE_WORDS, self.false_words))
        if both:
            raise ValueError(f"{min(both)!r} cannot mean both true and false")
        if self.thousands and self.decimal in self.thousands:
            raise ValueError(f"{self.decimal!r} cannot be the decimal mark and stand between thousands")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        schema["additionalProperties"] = {"type": "string", "description": "The short form: type by column."}
        schema.pop("required", None)
        return schema

    @staticmethod
    def _words(known: tuple[str, ...], further: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*known, *(word.strip().lower() for word in further))))

    def targets(self, schema: Schema) -> tuple[tuple[Column, DataType, str], ...]:
        """Each column with the type it gets and the word for it, in the order of the table.

        Raises:
            PlanError: a column that is not there, or that two selectors give different types.
        """
        words: dict[str, str] = {}
        for selector, word in sorted(self.columns.items(), key=lambda item: item[0] in schema):
            for found in ColumnSelector(include=(selector,)).resolve(schema):
                earlier = words.setdefault(found.name, word)
                if selector in schema:
                    words[found.name] = word
                elif type_named(earlier) != type_named(word):
                    raise _two_types(found, earlier, word)
        return tuple(
            (found, type_named(words[found.name]), words[found.name]) for found in schema if found.name in words
        )

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return {found.name: "text" for found, _, _ in self.targets(schema)}

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        wanted = [
            self._numbers.stat(found.name)
            for found, kind, _ in self.targets(schema)
            if found.type.is_text and kind.is_numeric
        ]
        return tuple(stat for stat in wanted if stat is not None)

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        changed = [each for each in self.targets(schema) if each[0].type != each[1]]
        return reading_effects([self._reading(*each, fitted) for each in changed], self._fate(changed))

    def _fate(self, changed: list[tuple[Column, DataType, str]]) -> str:
        """Text can always be made: where nothing else is asked for there is nothing to keep."""
        only_text = all(kind.is_text for _, kind, _ in changed)
        return "null" if only_text else self.on_failure

    def _reading(self, found: Column, kind: DataType, word: str, fitted: Fitted) -> Reading:
        numbers = self._numbers
        from_text = found.type.is_text
        if from_text and kind.is_numeric:
            numbers = numbers.decided(found.name, fitted)
        settings = Settings(
            numbers,
            self._dates(found, kind),
            self._words(TRUE_WORDS, self.true_words),
            self._words(FALSE_WORDS, self.false_words),
        )
        parsed = converted(found, column(found.name), kind, settings)
        how = f" ({numbers.marks.note})" if numbers.marks.note else ""
        reason = f"{'read' if from_text else f'converted from {found.type}'} as {word}{how}"
        confidence = 1.0 if numbers.marks.sure else 0.5
        return Reading(found, parsed, kind, reason, with_article(word), confidence, numbers.marks.decimal)

    @property
    def _numbers(self) -> NumberReading:
        return NumberReading(self.decimal, self.thousands, self.currency, self.percent, self.rounding)

    def _dates(self, found: Column, kind: DataType) -> DateReading:
        if kind.is_temporal and found.type.is_text:
            _refuse_formats(self.formats, kind, found)
        return DateReading(self.formats, self.two_digit_pivot, self.timezone, self.drop_time)


def _is_type(word: Any) -> bool:
    try:
        type_named(word)
    except (ValueError, AttributeError):
        return False
    return True


def _refuse_formats(formats: tuple[str, ...], kind: DataType, found: Column) -> None:
    """A time of day has no date in its format, and everything else has one."""
    for source in formats:
        dated = source in ("excel", "unix", "unix_ms") or (source != "iso" and date_format(source).has_date)
        if source != "iso" and dated is (kind.kind == "time"):
            problem = Problem(
                f"the format {source!r} cannot give {with_article(kind.kind)}",
                Where(column=found.name),
                "Name formats that fit the type.",
            )
            raise PlanError("a format does not fit its column", found=[problem])


def _two_types(found: Column, one: str, other: str) -> PlanError:
    problem = Problem(
        f"{found.name!r} is given two types, {one} and {other}", Where(column=found.name), "Name the column itself."
    )
    return PlanError("a column cannot have two types", found=[problem])
