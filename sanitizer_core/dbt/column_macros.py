"""The package's column macros for use by hand, written from the lowerings that recipes are compiled with.

``python -m sanitizer_core.dbt.column_macros FOLDER`` (``make macros``) writes one file per macro into the package's folder of macros.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlglot import exp

from sanitizer_core.dbt.jinja import constant, escaped
from sanitizer_core.dbt.pins import ADAPTERS
from sanitizer_core.dbt.sharing import shared
from sanitizer_core.errors import CompileError
from sanitizer_core.ops.base import Operation
from sanitizer_core.ops.effects import Rewrite
from sanitizer_core.ops.missing.nullify import DEFAULT_TOKENS
from sanitizer_core.ops.outliers.handle_outliers import HandleOutliers
from sanitizer_core.ops.privacy.mask import Mask
from sanitizer_core.ops.stat import UNFITTED
from sanitizer_core.ops.text.clean_text import CleanText
from sanitizer_core.ops.types.fix_dtypes import FixDtypes
from sanitizer_core.ops.types.parse_quantities import ParseQuantities
from sanitizer_core.quality.numbers import number_of
from sanitizer_core.quality.shapes import shape_of
from sanitizer_core.schema import FLOAT, INTEGER, TEXT, DataType, Schema
from sanitizer_core.sql import call, column, lower
from sanitizer_core.sql.tree import VALUE

COLUMN = "__column__"
"""Stands for the macro's argument."""

LOW, HIGH, KEEP = 8_000_000_007, 8_000_000_009, 8_000_000_011
"""Stand for numbers that the macro is given."""

FORMATS = ("iso", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%m/%d/%Y", "%m-%d-%Y", "%d %b %Y")
UNITS = ("kg", "g", "m", "cm", "mm", "km", "l", "ml")
"""Cells in other units are converted by recipes only: every unit's factors would make a file of half a megabyte."""
PRECISION, SCALE = 37, 13
"""Stand for the size of a decimal; nothing else in its SQL is one of these numbers."""


@dataclass(frozen=True)
class Macro:
    """A macro: the arguments of the public one, how it chooses among forms, and the tree of each form.

    Args:
        purpose: what it does, in a sentence.
        chooses: a Jinja expression that gives the name of a form.
        given: in the SQL of a form, what stands for the macro's arguments.
        after: what is put around the chosen form, with ``form`` for it.
    """

    name: str
    purpose: str
    arguments: str
    chooses: str
    forms: Mapping[str, exp.Expr]
    given: Mapping[str, str] = field(default_factory=dict)
    setting: str = ""
    after: str = "{{ form }}"


def tree_of(operation: Operation, kind: DataType = TEXT) -> exp.Expr:
    """What an operation makes of a cell, as one expression over ``COLUMN``."""
    effects = operation.effects(Schema.of([(COLUMN, kind)]), UNFITTED)
    passes = next(effect.passes for effect in effects if isinstance(effect, Rewrite))
    tree: exp.Expr = column(COLUMN)
    for each in passes:
        tree = exp.replace_placeholders(each.copy(), **{VALUE: tree})
    return tree


def _clean_text() -> Macro:
    forms = {
        f"{case}{' plain' if plain else ''}": tree_of(
            CleanText.model_validate({"columns": COLUMN, "case": case, "strip_accents": plain})
        )
        for case in ("lower", "upper", "title", "sentence", "keep")
        for plain in (False, True)
    }
    return Macro(
        "clean_text",
        "Text without white space at its ends, invisible characters and runs of white space, composed, in one case.",
        "column, case='lower', strip_accents=false, empty_as_null=false",
        "case ~ (' plain' if strip_accents else '')",
        forms,
        after='{{ "nullif(" ~ form ~ ", \'\')" if empty_as_null else form }}',
    )


def _nullify() -> Macro:
    tokens = list(dict.fromkeys(str(token).strip().lower() for token in DEFAULT_TOKENS))
    setting = (
        f"  {{%- set usual = {constant(tokens)} -%}}\n"
        "  {%- set kept = keep | map('string') | map('trim') | map('lower') | list -%}\n"
        "  {%- set tokens = (usual + also | map('string') | map('trim') | map('lower') | list) | reject('in', kept) -%}\n"
        "  {%- set words = [] -%}\n"
        "  {%- for token in tokens -%}\n    {%- do words.append(sanitizer.text_literal(token)) -%}\n  {%- endfor -%}\n"
    )
    return Macro(
        "nullify",
        "Null where the text only stands for a missing value: 'n/a', '-', '?', 'null', blank and the like.",
        "column, also=[], keep=[]",
        "'folded'",
        {"folded": call("lower", call("strip", column(COLUMN)))},
        setting=setting,
        after="case when {{ form }} in ({{ words | join(', ') }}) then null else {{ column }} end",
    )


def _numbers() -> Iterator[Macro]:
    def read(word: str, mark: str) -> exp.Expr:
        return tree_of(FixDtypes.model_validate({"columns": {COLUMN: word}, "decimal": mark}))

    yield Macro(
        "to_integer",
        "The whole number that a text is, else null; marks between thousands and currencies are taken off.",
        "column, decimal='.'",
        "decimal",
        {mark: read("integer", mark) for mark in (".", ",")},
    )
    yield Macro(
        "to_decimal",
        "The decimal(precision, scale) that a text is, else null; more digits than it holds are null too.",
        "column, precision=18, scale=3, decimal='.'",
        "decimal",
        {mark: read(f"decimal({PRECISION},{SCALE})", mark) for mark in (".", ",")},
        given={
            f"{PRECISION}": "{{ precision }}",
            f"{SCALE}": "{{ scale }}",
            f"1e+{PRECISION - SCALE}": "1e{{ precision - scale }}",
        },
    )
    yield Macro(
        "to_boolean",
        "True for true, t, yes, y, on and 1, false for false, f, no, n, off and 0, whatever their case; else null.",
        "column",
        "'words'",
        {"words": tree_of(FixDtypes.model_validate({"columns": {COLUMN: "boolean"}}))},
    )


def _parsed() -> Iterator[Macro]:
    yield Macro(
        "parse_date",
        f"The date that a text is, else null; formats: {', '.join(FORMATS)}.",
        "column, format='iso'",
        "format",
        {each: tree_of(FixDtypes.model_validate({"columns": {COLUMN: "date"}, "formats": [each]})) for each in FORMATS},
    )
    yield Macro(
        "parse_quantity",
        f"The number of a quantity in this unit, as a double, else null; units: {', '.join(UNITS)}.",
        "column, unit",
        "unit",
        {
            unit: tree_of(ParseQuantities.model_validate({"columns": COLUMN, "unit": unit, "convert": False}))
            for unit in UNITS
        },
    )


def _clip_outliers() -> Macro:
    bounds = {"both": {"min": LOW, "max": HIGH}, "low": {"min": LOW}, "high": {"max": HIGH}}
    forms = {
        f"{kind.kind} {name}": tree_of(
            HandleOutliers.model_validate({"columns": COLUMN, "method": "range", "action": "clip", **bound}), kind
        )
        for kind in (FLOAT, INTEGER)
        for name, bound in bounds.items()
    }
    return Macro(
        "clip_outliers",
        "A number no less than 'low' and no greater than 'high'; null and NaN stay. 'type' is float or integer.",
        "column, low=none, high=none, type='float'",
        "type ~ ' ' ~ ('both' if low is not none and high is not none else 'low' if low is not none else 'high')",
        forms,
        given={
            f"{float(LOW)}": "{{ low }}",
            f"{float(HIGH)}": "{{ high }}",
            f"{LOW}": "{{ low }}",
            f"{HIGH}": "{{ high }}",
        },
    )


def _mask() -> Macro:
    forms = {
        "redact": tree_of(Mask.model_validate({"columns": COLUMN, "method": "redact", "mark": "__mark__"})),
        "keep_last": tree_of(Mask.model_validate({"columns": COLUMN, "method": "keep_last", "keep": KEEP})),
    }
    return Macro(
        "mask",
        "Text hidden behind a mark (redact), or behind stars but for its last characters (keep_last); null stays.",
        "column, method='redact', mark='***', keep=4",
        "method",
        forms,
        given={"'__mark__'": "{{ sanitizer.text_literal(mark) }}", f"{KEEP}": "{{ keep }}"},
    )


def macros() -> tuple[Macro, ...]:
    """Every macro for use by hand that is written from the compiler."""
    return (_clean_text(), _nullify(), *_numbers(), *_parsed(), _clip_outliers(), _mask())


def score_macros() -> Iterator[Macro]:
    """What the macro ``score`` is made of."""
    cell = column(COLUMN)
    told = (
        ("shape_of", "The shape of a text, such as integer, date or e-mail.", shape_of(cell)),
        ("number_in", "The number that a text may be, for outliers, else null.", number_of(cell, TEXT)),
        ("finite", "A double that is a number and not infinite, else null.", number_of(cell, FLOAT)),
    )
    for name, purpose, tree in told:
        yield Macro(name, purpose, "column", "'only'", {"only": tree})


def said(tree: exp.Expr, adapter: str, given: Mapping[str, str]) -> str:
    """The tree as a template of the adapter's SQL, on one line.

    Raises:
        CompileError: the adapter's dialect cannot say it.
    """
    lowered = lower(tree, adapter)
    for node in lowered.find_all(exp.Column):
        node.this.set("quoted", False)
    text = escaped(lowered.sql(adapter)).replace("\n", r"{{ '\n' }}").replace(COLUMN, "({{ column }})")
    for stand_in, argument in given.items():
        text = re.sub(rf"(?<![\w.+]){re.escape(stand_in)}(?![\w.])", argument, text)
    return text


def text_of(macro: Macro) -> str:
    """The file of a macro: the one that is called, and what it comes to for each adapter."""
    public = (
        f"{{# {macro.purpose} Written by 'make macros' from the compiler. #}}\n"
        f"{{% macro {macro.name}({macro.arguments}) -%}}\n{macro.setting}"
        f"  {{%- set form = adapter.dispatch('{macro.name}', 'sanitizer')({_passed(macro)}) | trim -%}}\n"
        f"  {macro.after}\n{{%- endmacro %}}\n"
    )
    inner = ", ".join(["form", *_names(macro)])
    variants = [_variant(macro, adapter, inner) for adapter in ADAPTERS]
    none = f"{{{{ sanitizer.no_such_adapter({constant(macro.name)}) }}}}"
    return "\n".join([public, *variants, f"{{% macro default__{macro.name}({inner}) -%}}{none}{{%- endmacro %}}\n"])


def _variant(macro: Macro, adapter: str, inner: str) -> str:
    """What the macro comes to for an adapter."""
    refusal = f"{{{{ sanitizer.no_such_form({constant(macro.name)}, form, {constant(list(macro.forms))}) }}}}"
    blocks, bodies = shared([_body(macro, tree, adapter) for tree in macro.forms.values()])
    tests = [f"{'elif' if number else 'if'} form == {constant(form)}" for number, form in enumerate(macro.forms)]
    branches = [f"{{%- {test} -%}}{body}\n" for test, body in zip(tests, bodies, strict=True)]
    return (
        f"{{% macro {adapter}__{macro.name}({inner}) -%}}\n{''.join(blocks)}{''.join(branches)}"
        f"{{%- else -%}}{refusal}\n{{%- endif -%}}\n{{%- endmacro %}}\n"
    )


def _names(macro: Macro) -> list[str]:
    return [part.split("=")[0].strip() for part in macro.arguments.replace("[]", "").split(",")]


def _passed(macro: Macro) -> str:
    return ", ".join([macro.chooses, *_names(macro)])


def _body(macro: Macro, tree: exp.Expr, adapter: str) -> str:
    try:
        return said(tree, adapter, macro.given)
    except CompileError as error:
        return f"{{{{ sanitizer.cannot_say({constant(macro.name)}, {constant(error.message)}) }}}}"


def files() -> dict[str, str]:
    """The text of every file, by its path among the package's macros."""
    found = {f"columns/{macro.name}.sql": text_of(macro) for macro in macros()}
    return found | {f"score/{macro.name}.sql": text_of(macro) for macro in score_macros()}


if __name__ == "__main__":
    for name, text in files().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8", newline="\n")
