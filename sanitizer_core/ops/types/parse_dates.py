"""The operation ``parse_dates``."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field
from sqlglot import exp

from sanitizer_core.errors import FitError, PlanError, Problem, Where
from sanitizer_core.ops.base import ColumnsOperation, Needs
from sanitizer_core.ops.effects import Effect
from sanitizer_core.ops.selector import Columns
from sanitizer_core.ops.stat import UNKNOWN, Fitted, Stat
from sanitizer_core.ops.types.failing import ON_FAILURE, OnFailure, Reading, reading_effects, with_article
from sanitizer_core.ops.types.finding_dates import MOST_SHAPES, Found, find_formats
from sanitizer_core.ops.types.reading_dates import POSIX_PIVOT, SPECIAL, DateReading, FormatsOrAuto, Zone
from sanitizer_core.schema import DATE, TEXT, TIMESTAMP, TIMESTAMPTZ, Column, DataType, Schema
from sanitizer_core.sql import call, cast_to, column, literal
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.date_formats import date_format
from sanitizer_core.sql.logic import choose

OUTPUTS = {
    "date": DATE,
    "timestamp": TIMESTAMP,
    "datetime": TIMESTAMP,
    "timestamptz": TIMESTAMPTZ,
    "datetimetz": TIMESTAMPTZ,
}


def _known_output(word: str) -> str:
    if word.lower() in ("auto", *OUTPUTS):
        return word.lower()
    date_format(word, writing=True)
    return word


AUTO = ("auto",)


class ParseDates(ColumnsOperation):
    """Reads dates and times, however they are written.

    ```yaml
    - op: parse_dates
      params: {columns: [joined, left]}                      # formats and their order found in the data
    - op: parse_dates
      params: {columns: born, formats: ["%d/%m/%Y", "%d %B %Y"], output: date, on_failure: reject}
    - op: parse_dates
      params: {columns: month, formats: YYYYMM, output: YYYY-MM}
    ```

    With `formats: auto` the shapes of all cells of the column are measured (`31/01/2024` has the shape `00/00/0000`), and the
    formats follow from them: ISO 8601; year, month and day in either order with `/`, `-` or `.`; `20240131`; month names,
    English, long or short, with or without a weekday; each with a time, AM or PM and an offset. Whether the day or the month
    comes first is decided once for the column: by the cells that have a number over 12. Where none has, `day_first` says, and the
    log says so, with a confidence of 0.5. Cells that fit only the other order fail: they are never read in two orders.

    A list of formats is tried in its order; the first that reads a cell wins. Formats are those of `strptime`
    (or tokens: `YYYY-MM-DD`, `D MMM YYYY h:mm A`):

    | directive | token | reads |
    |---|---|---|
    | `%Y`, `%y` | `YYYY`, `YY` | the year: four digits, 0001 to 9999; or two |
    | `%m`, `%d` | `MM`, `DD` | month and day; one or two digits, two where they touch other digits |
    | `%b`, `%B` | `MMM`, `MMMM` | the month's name, English, long or short (`Sept` too), with or without a point |
    | `%a`, `%A` | `ddd`, `dddd` | the weekday's name, passed over |
    | `%H`, `%I` `%p` | `HH`, `hh` `A` | the hour: 0 to 23; or 1 to 12 with AM or PM |
    | `%M`, `%S`, `%f` | `mm`, `ss`, `SSSSSS` | minute, second, fraction of up to six digits |
    | `%z` | `Z` | `Z`, `+02`, `+02:00` or `+0200` |

    A blank in a format is any white space, letters count whatever their case, and white space around a cell is passed
    over. Besides there are `iso` (ISO 8601 in all its forms), `excel` (day numbers of the 1900 calendar), `unix` and `unix_ms`.

    A day that does not exist (`2024-02-31`) fails; it never becomes another. A part that the format has not is the first of
    its kind (`%Y-%m`: the first of the month). `output: date` takes the day of a moment. Columns of numbers are read as their
    text, columns of dates and moments are converted. Null stays null, a blank cell becomes null.

    A pattern as output gives text. Cleaning twice is then cleaning once, except where one of the formats reads that text as
    another day: `%m/%d/%Y` in, `DD/MM/YYYY` out. The log holds each cell's own text, so the run can be undone.
    """

    op: ClassVar[str] = "parse_dates"
    family: ClassVar[str] = "types"

    columns: Columns = Field(alias="cols", description="The columns it works on.")
    formats: FormatsOrAuto = Field(default=AUTO, description="Formats, tried in order; or `auto`: found in the data.")
    day_first: bool = Field(default=False, description="With `auto`: the order where no cell decides it.")
    output: Annotated[str, AfterValidator(_known_output)] = Field(
        default="auto",
        description="`date`, `timestamp`, `timestamptz`, or a pattern such as `YYYY-MM`; `auto` is a timestamp where a format has a time, else a date.",
    )
    two_digit_pivot: int = Field(
        default=POSIX_PIVOT, ge=0, le=100, description="Two-digit years from here on are of the 1900s."
    )
    timezone: Zone = Field(
        default="UTC", description="The zone of moments that name none, and of clock times made from instants."
    )
    on_failure: OnFailure = Field(default="null", description=ON_FAILURE)

    def demands(self, schema: Schema) -> dict[str, Needs]:
        return {found.name: "text" for found in self.columns.resolve(schema)}

    def stats(self, schema: Schema) -> tuple[Stat, ...]:
        if self.formats != AUTO:
            return ()
        return tuple(Stat(found.name, "shapes", MOST_SHAPES) for found in self.chosen(schema) if found.type.is_text)

    def outline(self, schema: Schema) -> tuple[Effect, ...] | None:
        depends = self.output == "auto" and self.formats == AUTO
        return (
            None
            if depends and any(found.type.is_text for found in self.chosen(schema))
            else self.effects(schema, UNKNOWN)
        )

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        readings = [self._reading(found, fitted) for found in self.chosen(schema)]
        return reading_effects([each for each in readings if each is not None], self.on_failure)

    def _reading(self, found: Column, fitted: Fitted) -> Reading | None:
        if found.type.kind in ("date", "timestamp", "timestamptz"):
            return self._converted(found)
        if not (found.type.is_text or found.type.is_numeric):
            raise _no_dates(found, "Leave the column out.")
        known = self._formats(found, fitted)
        reading = DateReading(known.formats, self.two_digit_pivot, self.timezone, drop_time=True)
        kind = OUTPUTS.get(self.output) or (TIMESTAMP if self.output != "auto" or _timed(known.formats) else DATE)
        text = canonical_text(column(found.name), found.type)
        reason = f"read as {', '.join(known.formats)}" + (f" ({known.note})" if known.note else "")
        return self._told(found, reading.tree(text, kind), kind, reason, 1.0 if known.sure else 0.5)

    def _formats(self, found: Column, fitted: Fitted) -> Found:
        if self.formats != AUTO:
            return Found(self.formats, "", True, None)
        if not found.type.is_text:
            raise _no_dates(found, "Say how numbers mean dates: formats: [excel], [unix] or '%Y%m%d'.")
        # A column that was typed when the recipe was fitted, and is text now, was not measured.
        known = find_formats(fitted.values.get(Stat(found.name, "shapes", MOST_SHAPES).key) or [], self.day_first)
        if not known.formats and known.unread is not None:
            raise FitError(
                f"no format of dates is known that reads {found.name!r}; its commonest shape is {known.unread!r} (digits as 0)",
                hint="Name the formats: formats: ['%d/%m/%Y'].",
                where=Where(column=found.name),
            )
        return known if known.formats else Found(("iso",), "", True, None)

    def _told(self, found: Column, moment: exp.Expr, kind: DataType, reason: str, confidence: float) -> Reading:
        if not self._pattern:
            return Reading(found, moment, kind, reason, with_article(kind.kind), confidence)
        form = date_format(self._pattern, writing=True)
        text: exp.Expr = call("moment_text", moment, literal(form.strftime()))
        if found.type.is_text:
            text = exp.Coalesce(this=text, expressions=[self._written(column(found.name))])
        return Reading(found, text, TEXT, f"{reason}, written as {self._pattern}", "a date", confidence)

    def _written(self, value: exp.Expr) -> exp.Expr:
        """The cell where it is already written as the pattern has it."""
        form = date_format(self._pattern, writing=True)
        if set("Yy") & set(form.directives):
            moment = DateReading((self._pattern,), self.two_digit_pivot).tree(value, TIMESTAMP)
            same: exp.Expr = exp.EQ(this=call("moment_text", moment, literal(form.strftime())), expression=value.copy())
        else:
            same = call("fits_pattern", value, literal(form.pattern()))
        return choose((same, value))

    @property
    def _pattern(self) -> str:
        return "" if self.output in ("auto", *OUTPUTS) else self.output

    def _converted(self, found: Column) -> Reading | None:
        """A column of dates or moments as the output asks for it."""
        kind = OUTPUTS.get(self.output, TIMESTAMP if self._pattern else found.type)
        if found.type == kind and not self._pattern:
            return None
        moment: exp.Expr = column(found.name)
        if found.type == TIMESTAMPTZ:
            moment = call("clock_in", moment, literal(self.timezone))
        moment = cast_to(moment, DATE if kind == DATE else TIMESTAMP)
        if kind == TIMESTAMPTZ:
            moment = call("at_zone", moment, literal(self.timezone))
        return self._told(found, moment, kind, f"converted from {found.type}", 1.0)


def _timed(formats: tuple[str, ...]) -> bool:
    return any(each in SPECIAL or date_format(each).has_time for each in formats)


def _no_dates(found: Column, hint: str) -> PlanError:
    problem = Problem(
        f"{found.name!r} is {found.type}, which cannot be read as dates as it is", Where(column=found.name), hint
    )
    return PlanError("a column holds no dates", found=[problem])
