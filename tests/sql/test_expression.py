"""Expressions are read, given a type, and carried out; what they cannot mean is refused with the way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanitizer_core.errors import PlanError
from sanitizer_core.schema import (
    BOOLEAN,
    DATE,
    INTEGER,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    DataType,
    Schema,
    from_duckdb,
)
from sanitizer_core.sql import lower
from sanitizer_core.sql.canonical import canonical_text
from sanitizer_core.sql.expression import ExpressionError, columns_of, condition, parse_expression, type_of, typed
from sanitizer_core.sql.vocabulary import WORDS

SCHEMA = Schema.of(
    [
        ("name", TEXT), ("blank", TEXT), ("Full Name", TEXT), ("select", TEXT), ('a"b;c', INTEGER),
        ("age", DataType("integer", native="INTEGER")), ("nothing", INTEGER), ("biggest", INTEGER),
        ("salary", DataType("float", native="FLOAT")), ("price", DataType("decimal", 10, 2)), ("huge", DataType("decimal", 38, 0)),
        ("born", DATE), ("seen", TIMESTAMP), ("moment", TIMESTAMPTZ), ("clock", TIME), ("ok", BOOLEAN),
        ("id", DataType("other", native="UUID")),
    ]
)  # fmt: skip

ROW = r"""
    'Ada'::VARCHAR, NULL::VARCHAR, '  Ada  Lovelace ', 'x', 7::BIGINT,
    36::INTEGER, NULL::BIGINT, 9223372036854775807::BIGINT,
    1.5::FLOAT, 9.99::DECIMAL(10,2), 99999999999999999999999999999999999999::DECIMAL(38,0),
    '2024-02-29'::DATE, '2024-02-29 10:11:12.5'::TIMESTAMP, '2024-02-29 10:11:12+00'::TIMESTAMPTZ, '10:11:12'::TIME, true,
    '00000000-0000-0000-0000-000000000000'::UUID
"""
AWKWARD = r"""
    chr(0) || '\%_''é😀', '', repeat('x', 300), 'İß', '-9223372036854775808'::BIGINT,
    '-2147483648'::INTEGER, 0::BIGINT, '-9223372036854775808'::BIGINT,
    'nan'::FLOAT, -99999999.99::DECIMAL(10,2), -99999999999999999999999999999999999999::DECIMAL(38,0),
    '0001-01-01'::DATE, '9999-12-31 23:59:59.999999'::TIMESTAMP, '0001-01-01 00:00:00+00'::TIMESTAMPTZ, '00:00:00'::TIME, false,
    NULL::UUID
"""

PAIRS = [
    tuple(part.strip(" ") for part in line.rsplit(";", 2))
    for line in (Path(__file__).parent / "expressions.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in SCHEMA.names)
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        opened.execute(f"CREATE TABLE one AS SELECT * FROM (VALUES ({ROW})) AS v({names})")
        opened.execute(f"CREATE TABLE awkward AS SELECT * FROM one UNION ALL SELECT {AWKWARD}")
        opened.execute("INSERT INTO awkward SELECT " + ", ".join("NULL" for _ in SCHEMA))
        yield opened


@pytest.mark.parametrize(("text", "kind", "expected"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_an_expression_has_its_type_and_value(
    text: str, kind: str, expected: str, connection: duckdb.DuckDBPyConnection
) -> None:
    found = typed(text, SCHEMA)
    assert str(found.type) == kind
    assert found.type is not None
    value, shown = (
        lower(tree, "duckdb").sql("duckdb") for tree in (found.tree, canonical_text(found.tree, found.type))
    )
    row = connection.execute(f"SELECT typeof({value}), CAST({shown} AS VARCHAR) FROM one").fetchone()
    assert row is not None
    assert from_duckdb(row[0]) == found.type, "the type is the real one"
    assert row[1] == (None if expected == "NULL" else expected)


INTEGERS = ["age", "nothing", "biggest", '"a""b;c"', "0", "-1", "3", "LENGTH({text})", "{integer} + {integer}", "{integer} * {integer}",
            "-({integer})", "{integer} % {integer}", "strpos({text}, {text})", "year({date})", "days_between({date}, {date})",
            "CAST({float} AS integer)", "SIGN({decimal})", "isodow({timestamp})", "CAST({text} AS integer)", "ROUND({integer}, -1)",
            "COALESCE({integer}, {integer})", "EXTRACT(hour FROM clock)", "{date} - {date}", "ABS({integer})"]  # fmt: skip
FLOATS = ["salary", "1.5", "-0.0", "1e300", "{float} / {integer}", "{float} * {float}", "{float} - {integer}", "SQRT({float})",
          "POWER({float}, {float})", "LN({float})", "ROUND({float}, 2)", "{float} % {float}", "CAST({decimal} AS float)", "EXP({float})",
          "epoch({timestamp})", "GREATEST({float}, {integer})", "CASE WHEN {boolean} THEN {float} ELSE {integer} END",
          "seconds_between({timestamp}, {date})"]  # fmt: skip
DECIMALS = ["price", "huge", "price + {integer}", "price * 1.25", "ROUND({decimal}, 1)", "CAST({float} AS decimal(12,3))",
            "CAST({text} AS decimal(9,2))", "CEIL({decimal})", "ABS({decimal})", "-({decimal})", "price % 0.7"]  # fmt: skip
TEXTS = ["name", "blank", '"Full Name"', '"select"', "''", "'a%'", "{text} || {text}", "UPPER({text})", "title_case({text})",
         "SUBSTRING({text}, {integer}, {integer})", "LEFT({text}, {integer})", "LPAD({text}, 5, {text})", "CONCAT({text}, {text})",
         "split_part({text}, {text}, {integer})", "REPLACE({text}, {text}, {text})", "CAST({float} AS text)", "CAST({timestamp} AS text)",
         "regexp_replace({text}, '[^a-z]', '.')", "sentence_case({text})", "strip_accents(nfc({text}))", "TRIM({text})",
         "CAST({decimal} AS text)", "NULLIF({text}, {text})", "CONCAT_WS('-', {text}, {text})", "CAST(id AS text)"]  # fmt: skip
BOOLEANS = ["ok", "TRUE", "{integer} < {float}", "{text} = {text}", "{boolean} AND {boolean}", "NOT ({boolean})", "{date} IS NULL",
            "{text} LIKE {text}", "{float} BETWEEN {integer} AND {float}", "{text} IN ({text}, 'x')", "{timestamp} > {date}",
            "({boolean}) IS NOT TRUE", "matches({text}, '^.b')", "{decimal} >= {integer}", "contains({text}, {text})",
            "{integer} IS DISTINCT FROM {float}", "CAST({integer} AS boolean)"]  # fmt: skip
DATES = ["born", "'2024-01-31'::date", "{date} + {integer}", "add_months({date}, {integer})", "CAST({timestamp} AS date)",
         "date_trunc('month', {date})", "make_date({integer}, 2, 30)", "CAST({text} AS date)"]  # fmt: skip
TIMESTAMPS = ["seen", "CAST(moment AS timestamp)", "CAST({date} AS timestamp)", "add_seconds({timestamp}, {float})",
              "date_trunc('hour', {timestamp})", "COALESCE({timestamp}, {date})", "CAST({text} AS timestamp)"]  # fmt: skip
SHAPES = {
    "integer": INTEGERS,
    "float": FLOATS,
    "decimal": DECIMALS,
    "text": TEXTS,
    "boolean": BOOLEANS,
    "date": DATES,
    "timestamp": TIMESTAMPS,
}


@st.composite
def expressions(draw: st.DrawFn, kind: str | None = None, depth: int = 3) -> str:
    """Expressions of all kinds, whose operands are as awkward as the table's values."""
    shapes = SHAPES[kind or draw(st.sampled_from(sorted(SHAPES)))]
    text = draw(st.sampled_from([shape for shape in shapes if depth or "{" not in shape]))
    while "{" in text:
        start, end = text.index("{"), text.index("}")
        inside = draw(expressions(text[start + 1 : end], depth - 1))
        text = f"{text[:start]}({inside}){text[end + 1 :]}"
    return text


@given(text=expressions())
def test_no_value_makes_an_expression_fail_and_its_type_is_the_real_one(
    text: str, connection: duckdb.DuckDBPyConnection
) -> None:
    try:
        found = typed(text, SCHEMA)
    except PlanError as error:
        # Decimals can become too large, and a constant text may be no moment.
        if "digits" not in str(error) and "which has to stand there" not in str(error):
            raise
        return
    assert found.type is not None
    value = lower(found.tree, "duckdb").sql("duckdb")
    rows = connection.execute(f"SELECT typeof(x) FROM (SELECT {value} AS x FROM awkward)").fetchall()
    assert {from_duckdb(row[0]) for row in rows} == {found.type}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("x\0", "NUL"),
        ("a" * 10_001, "at most 10000"),
        ("a and", r"near 'and' \(character 5\)"),
        ("'abc", "a quote is not closed"),
        ("a -- b", "a comment is not allowed"),
        ("a /* b */", "a comment is not allowed"),
        ("a; b", "cannot be read|'AS'|one value"),
        ("(SELECT 1)", "a query is not allowed"),
        ("a IN (SELECT b FROM c)", "query is not allowed"),
        ("EXISTS(SELECT 1)", "a query is not allowed"),
        ("SELECT 1", "a query is not allowed"),
        ("sum(a) OVER ()", "a window function is not allowed"),
        ("count(*)", "'\\*' is not allowed"),
        ("count(a)", "no function count. An expression speaks of one row"),
        ("random()", "the same on every run"),
        ("read_csv('x')", "cannot read files"),
        ("getvariable('x')", "no function getvariable"),
        ("DROP TABLE x", "cannot be read"),
        ("COPY a TO 'x'", "cannot be read"),
        ("a AS b", "a second name is not allowed"),
        ("t.a = 1", 'in double quotes: "t.a"'),
        ("a[1]", "Use substring"),
        ("a ^ 2", "Use power"),
        ("a ~ 'b'", "cannot be read"),
        ("a->'b'", "do not look inside JSON"),
        ("a LIKE 'x' ESCAPE '!'", "Use matches"),
        ("a SIMILAR TO 'x'", "Use matches"),
        ("INTERVAL '1' day", "Use add_days"),
        (":a", "Write the value itself"),
        ("?", "Write the value itself"),
        ("a COLLATE nocase", "by code point"),
        ("abs(DISTINCT a)", "not allowed"),
        ("abs(a ORDER BY b)", "not allowed"),
        ("a BETWEEN SYMMETRIC 1 AND 2", "symmetric is not allowed here"),
        ("uper(a)", "Did you mean 'upper'"),
        ("left(a)", "has 1 argument: it is called as left\\(value, length\\)"),
        ("coalesce(a)", "has 1 argument"),
        ("matches(a, '(?i)x')", "a flag is beyond"),
        ("CAST(a AS foo)", "no type foo"),
        ("CAST(a AS varchar(10))", "no type"),
        ("CAST(a AS decimal(50,2))", "out of range"),
        ("a" + "+a" * 200, "nested more than"),
        ("(" * 5000 + "a" + ")" * 5000, "too deeply|at most"),
    ],
)
def test_what_is_no_portable_expression_is_refused_when_it_is_read(text: str, told: str) -> None:
    with pytest.raises(ExpressionError, match=told):
        parse_expression(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "salary + name",
            "cannot add float and text: in salary \\+ name, name is text. Convert it: TRY_CAST\\(name AS float\\)",
        ),
        ("name + name", r"Use \|\| to join texts"),
        ("born * 2", "add_days"),
        ("born + 1.5", "cannot add date and float"),
        ("name = 5", "Text stands in single quotes: '5'"),
        ("age = '5'", "Leave the quotes out"),
        ("age = name", r"TRY_CAST\(name AS integer\)"),
        ("ok = 1", "cannot compare boolean and integer"),
        ("born = 'soon'", "'soon' is not a date, which has to stand there. Write it as '2024-12-31'"),
        ("DATE '2024-13-01'", "is not a date"),
        ("seen = moment", "cannot compare timestamp and timestamptz"),
        ("age = NULL", "Write age IS NULL"),
        ("age IN (1, NULL)", "equals nothing"),
        ("age BETWEEN 1 AND NULL", "never true"),
        ("id = id", "cannot be compared"),
        ("COALESCE(age, 'x')", "cannot choose between integer and text"),
        ("CASE WHEN ok THEN 1 ELSE 'x' END", "cannot choose between"),
        ("CASE WHEN age THEN 1 END", "has to be true or false, but age is integer"),
        ("age AND ok", "has to be true or false"),
        ("NOT name", "has to be true or false"),
        ("age IS TRUE", "needs a boolean"),
        ("age IS name", "IS asks for NULL, TRUE or FALSE"),
        ("name || age", r"CAST\(age AS text\)"),
        ("age LIKE '3%'", "LIKE compares texts"),
        ("-name", "'-' needs a number"),
        ("UPPER(age)", "needs text, but age is integer"),
        ("LEFT(name, 1.5)", "needs an integer"),
        ("year(name)", "needs a date"),
        ("hour(name)", "needs a timestamp"),
        ("ROUND(age, age)", "written out"),
        ("date_trunc('eon', born)", "cuts to no 'eon'"),
        ("EXTRACT(dow FROM born)", "isodow is 1 on Monday"),
        ("EXTRACT(millennium FROM born)", "can be extracted"),
        ("matches(name, name)", "written out as a text"),
        ("regexp_replace(name, 'a', '\\1')", "speaks of group 1"),
        ("regexp_extract(name, 'a', 1)", "from 0 to 0"),
        ("CONCAT_WS(name, name)", "written out as a text"),
        ("CAST(born AS integer)", "Take a part of it"),
        ("CAST(id AS integer)", "cannot become integer"),
        ("99999999999999999999", "beyond the whole numbers"),
        ("1e400", "beyond the range"),
        ("huge = price", "needs|need 40 digits"),
        ("nme = agee", "no column 'nme'.*Did you mean 'name'(.|\n)*no column 'agee'.*Did you mean 'age'"),
        ('name = "Ada"', "text stands in single quotes: 'Ada'"),
        ("current_date > born", "the same on every run"),
        ("full_name = 'x'", "Did you mean 'Full Name'"),
    ],
)
def test_what_does_not_fit_the_types_is_refused_before_any_data_is_read(text: str, told: str) -> None:
    with pytest.raises(PlanError, match=told):
        typed(text, SCHEMA)


def test_a_name_in_quotes_is_taken_as_it_is_written() -> None:
    schema = Schema.of([("Age", INTEGER), ("b", TEXT)])
    assert type_of("age", schema) == INTEGER
    with pytest.raises(PlanError, match="no column 'age'"):
        typed('"age"', schema)


def test_a_null_alone_has_no_type() -> None:
    with pytest.raises(PlanError, match=r"CAST\(NULL AS text\)"):
        type_of("NULL", SCHEMA)


def test_a_condition_is_true_or_false() -> None:
    assert condition("age > 1", SCHEMA) is not None
    with pytest.raises(PlanError, match="has to be true or false, but age is integer"):
        condition("age", SCHEMA)


def test_the_columns_of_an_expression_are_told_in_order() -> None:
    assert columns_of("CASE WHEN OK THEN price ELSE age END + AGE", SCHEMA) == ("ok", "price", "age")


def test_every_word_is_tried_by_a_pair() -> None:
    """A function that no pair calls would be a promise that nothing holds."""
    called = " ".join(pair[0].lower() for pair in PAIRS)
    first: dict[str, list[str]] = {}
    for name, word in WORDS.items():
        first.setdefault(word.signature, []).append(name)
    assert [names for names in first.values() if not any(f"{name}(" in called for name in names)] == [], (
        "add a pair to expressions.txt"
    )
