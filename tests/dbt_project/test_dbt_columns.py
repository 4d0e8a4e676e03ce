"""The column macros mean what the operations mean, and their files are those that the compiler writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from case_runner import put, run_case, shown
from dbt_projects import PACKAGE, Project, Ran, Warehouse
from sanitizer_core.dbt.column_macros import COLUMN, PRECISION, SCALE, files, macros, said, tree_of
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.ops.types.fix_dtypes import FixDtypes
from sanitizer_core.recipe import Recipe

TEXTS = [
    None, "", "  Ada\u00a0 LOVELACE ", "n/a", " -", "?", "caf\u00e9 \u2019x\u2019", "O'Neil", "5", "-7.25", "1,234.5", "1.234,5", "(5)", "$ 12",
    "12 kg", "3kg", "2.5 kg.", "9999999999999999999999", "yes", "N", "2024-02-29", "2024-02-31", "29.02.2024", "1e3", "\\1", "a.b",
]  # fmt: skip
NUMBERS = [None, -1e20, -3.5, 0.0, 1.0, 2.0, 9.5, 10.0, 1e20, float("nan"), float("inf")]

SAME: dict[str, tuple[str, dict[str, Any]]] = {
    "clean_text('c')": ("clean_text", {"columns": "c"}),
    "clean_text('c', case='title', strip_accents=true, empty_as_null=true)": (
        "clean_text",
        {"columns": "c", "case": "title", "strip_accents": True, "empty_as_null": True},
    ),
    "clean_text('c', case='keep')": ("clean_text", {"columns": "c", "case": "keep"}),
    "nullify('c', also=['Ada\u00a0 Lovelace'], keep=['?'])": (
        "nullify",
        {"columns": "c", "also": ["ada\u00a0 lovelace"], "keep": ["?"]},
    ),
    "to_integer('c')": ("fix_dtypes", {"columns": {"c": "integer"}}),
    "to_integer('c', decimal=',')": ("fix_dtypes", {"columns": {"c": "integer"}, "decimal": ","}),
    "to_decimal('c', 9, 2)": ("fix_dtypes", {"columns": {"c": "decimal(9,2)"}}),
    "to_boolean('c')": ("fix_dtypes", {"columns": {"c": "boolean"}}),
    "parse_date('c')": ("fix_dtypes", {"columns": {"c": "date"}}),
    "parse_date('c', '%d.%m.%Y')": ("fix_dtypes", {"columns": {"c": "date"}, "formats": ["%d.%m.%Y"]}),
    "parse_quantity('c', 'kg')": ("parse_quantities", {"columns": "c", "unit": "kg", "convert": False}),
    "mask('c', mark='it\\'s')": ("mask", {"columns": "c", "method": "redact", "mark": "it's"}),
    "mask('c', 'keep_last', keep=3)": ("mask", {"columns": "c", "method": "keep_last", "keep": 3}),
    "replace_pattern('c', '^(\\\\w)[^\\\\d\\\\s]', '<\\\\1>')": (
        "replace_pattern",
        {"columns": "c", "pattern": "^(\\w)[^\\d\\s]", "replacement": "<\\1>"},
    ),
    "replace_pattern('c', '.')": ("replace_pattern", {"columns": "c", "pattern": "."}),
    "clip_outliers('n', low=0.5, high=10)": (
        "handle_outliers",
        {"columns": "n", "method": "range", "min": 0.5, "max": 10},
    ),
    "clip_outliers('n', high=2)": ("handle_outliers", {"columns": "n", "method": "range", "max": 2}),
    "bucket('n', [0, 2, 10], ['low', 'it\\'s'], outside='?')": (
        "bucket_numeric",
        {"columns": "n", "edges": [0, 2, 10], "labels": ["low", "it's"], "outside": "?"},
    ),
    "bucket('n', [none, 2, none], ['low', 'high'])": (
        "bucket_numeric",
        {"columns": "n", "edges": [float("-inf"), 2, float("inf")], "labels": ["low", "high"]},
    ),
}
OTHERS = {
    "key_collides": "select {{ sanitizer.surrogate_key(['a', 'b']) }} as k from {{ ref('pairs') }}",
    "pairs": " union all ".join(
        f"select {a} as a, {b} as b"
        for a, b in (
            ("'x'", "'y'"), ("'xy'", "''"), ("'xy'", "cast(null as text)"), ("''", "'xy'"), ("'1:x;'", "'y'"), ("'-;'", "'y'"),
            ("cast(null as text)", "'y'"), ("cast(null as text)", "cast(null as text)"),
        )
    ),
    "hashed": "select a, {{ sanitizer.row_hash(ref('pairs'), except=['b']) }} as h from {{ ref('pairs') }}",
    "once": "{{ sanitizer.deduplicate(ref('pairs'), partition_by=['a'], order_by='b desc') }}",
    "unknown": "select {{ sanitizer.parse_date('a', '%Y week %W') }} as d from {{ ref('pairs') }}",
    "lazy": "select {{ sanitizer.replace_pattern('a', 'x*?') }} as d from {{ ref('pairs') }}",
}  # fmt: skip


@dataclass(frozen=True)
class Built:
    """A project with a model for each call."""

    warehouse: Warehouse
    project: Project
    ran: Ran


@pytest.fixture(scope="module")
def built(warehouse: Warehouse) -> Built:
    project = warehouse.project(models={"+materialized": "table"})
    for number, call in enumerate(SAME):
        table = "numbers" if "'n'" in call else "texts"
        project.write(f"models/same_{number}.sql", f"select i, {{{{ sanitizer.{call} }}}} as got from {table}")
    for name, text in OTHERS.items():
        project.write(f"models/{name}.sql", text)
    double = "DOUBLE PRECISION"
    warehouse.execute(
        "CREATE TABLE texts (i INTEGER, c TEXT)",
        f"CREATE TABLE numbers (i INTEGER, n {double})",
        *(f"INSERT INTO texts VALUES ({i}, {_quoted(text)})" for i, text in enumerate(TEXTS)),
        *(f"INSERT INTO numbers VALUES ({i}, CAST({_quoted(n)} AS {double}))" for i, n in enumerate(NUMBERS)),
    )
    for path in (project.folder / "models").glob("same_*.sql"):
        text = path.read_text()
        path.write_text(re.sub(r"from (\w+)$", rf'from "{warehouse.schema}".\1', text))
    return Built(warehouse, project, project.dbt("run"))


def _quoted(value: object) -> str:
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def expected() -> Iterator[list[tuple[Any, ...]]]:
    with pytest.MonkeyPatch.context() as patch, DuckDBEngine.open(threads=1) as engine:
        patch.setenv("SANITIZER_KEY", "a key for tests, not a secret")
        for call, (op, params) in SAME.items():
            name, cells, kind = ("n", NUMBERS, "float") if "'n'" in call else ("c", TEXTS, "string")
            schema = put(engine, "source", {name: cells}, {name: kind})
            recipe = Recipe.model_validate({"name": "one", "steps": [{"op": op, "params": params}]})
            yield shown(run_case(engine, recipe, schema).rows)


def test_the_files_are_fresh() -> None:
    folder = PACKAGE / "macros"
    stale = [name for name, text in files().items() if (folder / name).read_text(encoding="utf-8") != text]
    assert not stale, "run: make macros"


def test_a_macro_gives_what_its_operation_gives(built: Built) -> None:
    wrong: dict[str, object] = {}
    compared = 0
    for number, (call, want) in enumerate(zip(SAME, expected(), strict=True)):
        model = f"same_{number}"
        if built.ran.nodes[model] != "success":
            if "cannot say" not in built.ran.messages[model]:
                wrong[call] = built.ran.messages[model]
            continue
        compared += 1
        got = [row[1:] for row in sorted(built.warehouse.table(model)[1])]
        if shown(got) != want:
            wrong[call] = [pair for pair in zip(shown(got), want, strict=True) if pair[0] != pair[1]]
    assert not wrong
    assert compared >= (len(SAME) if built.warehouse.adapter == "duckdb" else 3)


def test_keys_of_rows_that_differ_differ(built: Built) -> None:
    assert len(set(built.warehouse.table("key_collides")[1])) == 8, built.ran.messages
    assert all(re.fullmatch("[0-9a-f]{32}", row[0]) for row in built.warehouse.table("key_collides")[1])
    by_hash: dict[Any, Any] = dict(built.warehouse.table("hashed")[1])
    assert len(by_hash) == len(set(by_hash.values())) == 6


def test_nulls_agree_and_the_first_of_an_order_stays(built: Built) -> None:
    names, rows = built.warehouse.table("once")
    assert names == ["a", "b"], built.ran.messages
    assert sorted(rows, key=str) == sorted(
        [("x", "y"), ("xy", None if built.warehouse.adapter == "postgres" else ""), ("", "xy"), ("1:x;", "y"), ("-;", "y"),
         (None, None if built.warehouse.adapter == "postgres" else "y")], key=str
    )  # fmt: skip


@pytest.mark.parametrize(
    ("model", "said"), [("unknown", "A recipe knows more"), ("lazy", "'*?' does not mean the same")]
)
def test_what_is_not_known_is_refused(built: Built, model: str, said: str) -> None:
    assert said in " ".join(built.ran.messages[model].split())


@pytest.mark.parametrize("size", [(10, 2), (38, 9), (18, 3)])
@pytest.mark.parametrize("adapter", ["duckdb", "spark"])
def test_the_size_of_a_decimal_is_all_that_depends_on_it(size: tuple[int, int], adapter: str) -> None:
    (macro,) = (each for each in macros() if each.name == "to_decimal")
    template = said(macro.forms["."], adapter, macro.given)
    assert str(PRECISION) not in re.findall(r"\d+", template) and str(SCALE) not in re.findall(r"\d+", template)
    precision, scale = size
    filled = template.replace("{{ precision }}", str(precision)).replace("{{ scale }}", str(scale))
    filled = filled.replace("{{ precision - scale }}", str(precision - scale))
    tree = tree_of(FixDtypes.model_validate({"columns": {COLUMN: f"decimal({precision},{scale})"}}))
    assert _floats(filled) == _floats(said(tree, adapter, {}))


def _floats(text: str) -> str:
    """The text with its floats written in one way."""
    return re.sub(r"\b\d+(?:\.\d+)?e\+?\d+\b|\b\d+\.0\b", lambda found: repr(float(found[0])), text)
