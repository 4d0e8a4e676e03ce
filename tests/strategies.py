"""Generated tables and generated recipes, in which every operation occurs."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Cells = dict[str, list[Any]]

TYPES = {"t": "string", "u": "string", "n": "integer", "f": "float", "d": "date", "b": "boolean"}

AWKWARD_TEXT = (
    "", " ", "N/A", "-", "a", "A ", " a", "b  c", "É", "e\u0301", "ß", "İ", "x\u200by", "<b>b</b> &amp; c", "Ã©", "“q”",
    "12", "05", " 5", "5.0", "1,234.50", "(7)", "12 kg", "5 %", "$3.50", "yes", "No", "true",
    "2024-02-29", "2024-02-31", "03/04/2021", "31.12.1999", "1e3", "nan", "tab\there", "two\nlines", "a,b;c|d",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(AWKWARD_TEXT), st.text(max_size=6).filter(lambda text: "\0" not in text and not _surrogates(text))
)


def _surrogates(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


CELLS: dict[str, st.SearchStrategy[Any]] = {
    "string": texts,
    "integer": st.one_of(st.integers(-5, 5), st.sampled_from((999, -999, 2**53, -(2**62)))),
    "float": st.one_of(
        st.sampled_from((0.0, 1.5, -2.25, 1e20, 1e-7, 0.1)),
        st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6)),
    ),
    "date": st.sampled_from(("2024-02-29", "1999-12-31", "0001-01-01", "9999-12-31", "2021-03-04")),
    "boolean": st.booleans(),
}


@st.composite
def tables(draw: st.DrawFn, most_rows: int = 7) -> Cells:
    """A table with a column of each type; some rows repeat others, some cells are null."""
    size = draw(st.integers(0, most_rows))
    cells = {
        name: draw(st.lists(st.none() | CELLS[kind], min_size=size, max_size=size)) for name, kind in TYPES.items()
    }
    for index in range(1, size):
        if draw(st.integers(0, 4)) == 0:
            for column in cells.values():
                column[index] = column[0]
    return cells


def _step(op: str, **params: st.SearchStrategy[Any] | Any) -> st.SearchStrategy[dict[str, Any]]:
    drawn = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in params.items()}
    return st.fixed_dictionaries({"op": st.just(op), "params": st.fixed_dictionaries(drawn)})


def _one(*words: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(words)


text_columns = _one("all text", ["t"], ["t", "u"])
number_columns = _one("all numeric", ["n"], ["f"], ["n", "f"])

STEPS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "fix_dtypes": _step(
        "fix_dtypes",
        columns=_one(
            {"t": "integer"},
            {"t": "decimal(9,2)", "u": "boolean"},
            {"u": "date"},
            {"n": "string"},
            {"t": "float", "d": "datetime"},
        ),
        on_failure=_one("null", "keep", "reject"),
    ),
    "parse_dates": _step(
        "parse_dates",
        columns=text_columns,
        output=_one("auto", "date", "YYYY-MM"),
        on_failure=_one("null", "keep", "reject"),
    ),
    "parse_quantities": _step(
        "parse_quantities", columns=["t"], unit_column=_one(None, "{column}_unit"), on_failure=_one("null", "keep")
    ),
    "nullify": _step("nullify", columns=_one("all", "all text"), also=_one([], ["999"])),
    "handle_missing": st.one_of(
        _step(
            "handle_missing",
            strategy=_one("median", "mean", "mode", "ffill", "bfill"),
            indicator=st.booleans(),
            by=_one([], ["b"]),
        ),
        _step("handle_missing", columns=_one(["t"], ["u"]), strategy="constant", value="?"),
        _step("handle_missing", strategy="drop_rows", columns=_one(["t"], ["n", "f"]), how=_one("any", "all")),
        _step("handle_missing", strategy="none", custom=_one({"t": "unknown"}, {"n": 0})),
    ),
    "remove_duplicates": _step(
        "remove_duplicates",
        columns=_one("all", ["t"], ["t", "b"]),
        keep=_one("first", "last", "most_complete", "none"),
        ignore_case=st.booleans(),
    ),
    "handle_outliers": _step(
        "handle_outliers",
        columns=number_columns,
        method=_one("iqr", "zscore", "mad", "percentile"),
        action=_one("clip", "flag", "null", "remove"),
        by=_one([], ["b"]),
    ),
    "encode_categoricals": _step(
        "encode_categoricals",
        columns=_one(["t"], ["u"], ["t", "u"]),
        method=_one("onehot", "label", "frequency"),
    ),
    "bucket_numeric": _step(
        "bucket_numeric", columns=number_columns, buckets="0-18, 19-35, 36-60, 60+", keep_original=st.booleans()
    ),
    "scale_numeric": _step("scale_numeric", columns=number_columns, method=_one("standard", "minmax", "robust")),
    "clean_text": _step(
        "clean_text",
        columns=text_columns,
        case=_one("lower", "upper", "title", "sentence", "keep"),
        unicode=_one("nfc", "nfkc", "keep"),
        strip_accents=st.booleans(),
        mojibake=st.booleans(),
        html=st.booleans(),
        empty_as_null=st.booleans(),
    ),
    "replace_values": _step(
        "replace_values", columns=text_columns, mapping={"a": "b", "05": None}, ignore_case=st.booleans()
    ),
    "replace_pattern": _step(
        "replace_pattern",
        columns=text_columns,
        pattern=_one("[0-9]+", "^ *a", "b$"),
        replacement=_one("", "#", r"[\0]"),
    ),
    "filter_rows": st.one_of(
        _step("filter_rows", keep=_one("n > 0 or n is null", "length(t) < 3")),
        _step("filter_rows", drop=_one("b", "f < 0")),
    ),
    "sort_rows": _step("sort_rows", by=_one(["t"], [{"column": "n", "descending": True}], ["b", "f"])),
    "review": _step(
        "review",
        reason=st.just("decided by who looked at it"),
        set=_one([], [{"row": 0, "column": "t", "value": " x"}, {"row": 2, "column": "n", "value": None}]),
        remove=_one([1], [0, 3]),
    ),
    "sample_rows": _step("sample_rows", fraction=_one(0.0, 0.5, 1.0), by=_one("all", ["t"])),
    "mask": _step("mask", columns=_one(["t"], ["d"]), method=_one("hash", "tokenise", "redact", "keep_last")),
    "python": _step("python", function="functions_for_tests:swap_case", scope=_one("batches", "table")),
    "normalize_column_names": _step("normalize_column_names", style=_one("snake", "camel", "upper")),
    "rename_columns": st.just({"op": "rename_columns", "params": {"mapping": {"t": "renamed"}}}),
    "select_columns": _step("select_columns", columns=_one(["u", "t", "n"], "all")),
    "drop_columns": _step("drop_columns", columns=_one(["u"], ["d", "b"])),
    "remove_empty_columns": _step("remove_empty_columns", threshold=_one(0.5, 0.8, 1.0)),
    "derive_column": _step(
        "derive_column", name=_one("made", "u"), expression=_one("n + 1", "upper(t) || 'x'", "f / 0")
    ),
    "split_column": _step("split_column", column="t", separator=_one(" ", ","), into=["t1", "t2"]),
    "merge_columns": _step("merge_columns", columns=["t", "u"], into="merged", separator=" "),
}
"""A step of each operation."""

CONDITIONS = ("b", "n > 0", "t is not null", "length(u) > 1")


@st.composite
def recipes(draw: st.DrawFn, first: str | None = None, most_steps: int = 3) -> dict[str, Any]:
    """A recipe of a few steps, of which one may be set; some apply to some rows only."""
    chosen = [first] if first is not None else []
    chosen += draw(
        st.lists(st.sampled_from(sorted(STEPS)), min_size=0 if chosen else 1, max_size=most_steps - len(chosen))
    )
    steps = [dict(draw(STEPS[op])) for op in chosen]
    for step in steps:
        if draw(st.integers(0, 5)) == 0:
            step["when"] = draw(st.sampled_from(CONDITIONS))
    return {"name": "generated", "version": 1, "steps": steps}
