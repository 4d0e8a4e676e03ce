"""Every portable function gives the same cells on every engine as on DuckDB, over values that engines disagree about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import psycopg
import pytest

from awkward import NUL
from parity import Evaluator, OnDuckDB, OnPostgres, comparable
from probes import LEFT_OUT, PROBES, Probe
from sanitizer_core.errors import CompileError
from sanitizer_core.sql import FUNCTIONS, judging, lower

_SHOWN = 12

OURS = set(FUNCTIONS) - {function.name for function in judging.FUNCTIONS}
"""Those of judging are held to Pandera's verdicts, by the tests of contracts."""


@pytest.fixture(scope="module")
def reference() -> OnDuckDB:
    return OnDuckDB()


SAID = [each for each in PROBES if each.function not in LEFT_OUT["postgres"]]


@pytest.mark.parametrize("dialect", LEFT_OUT)
def test_what_an_engine_cannot_say_is_refused(dialect: str) -> None:
    left = [each for each in PROBES if each.function in LEFT_OUT[dialect]]
    assert {each.function for each in left} == set(LEFT_OUT[dialect])
    for probe in left:
        with pytest.raises(CompileError, match=f"{dialect} cannot say '{probe.function}'"):
            lower(probe.tree(), dialect)


@pytest.fixture(scope="module", params=["postgres_server", "older_postgres"])
def engine(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Evaluator]:
    server, name = request.getfixturevalue(request.param), f"parity_{worker_id}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    with psycopg.connect(server.replace("/postgres?", f"/{name}?"), autocommit=True) as connection:
        yield OnPostgres(connection)


@pytest.mark.parametrize("probe", SAID, ids=str)
def test_a_function_gives_the_same_cells(probe: Probe, engine: Evaluator, reference: OnDuckDB) -> None:
    rows = [row for row in probe.rows() if all(map(engine.holds, row))]
    expected = reference.evaluate(probe.kinds, rows, [probe.tree()])
    got = engine.evaluate(probe.kinds, rows, [probe.tree()])
    apart = (
        f"{row!r:.200}: {ours!r:.200} for {theirs!r:.200}"
        for row, (theirs,), (ours,) in zip(rows, expected, got, strict=True)
        if comparable(ours) != comparable(theirs)
    )
    told = list(apart)
    assert not told, f"{len(told)} of {len(rows)} rows:\n" + "\n".join(islice(told, _SHOWN))


@pytest.mark.parametrize("probe", [each for each in SAID if len(each.kinds) == 1 and each.constants], ids=str)
def test_a_function_of_constants_gives_the_same(probe: Probe, engine: Evaluator, reference: OnDuckDB) -> None:
    """An engine works constants out when it plans, and no guard may come too late."""
    rows = [row for row in probe.rows() if all(map(engine.holds, row))]
    rows = rows[:: max(1, len(rows) // probe.constants)]
    trees = [probe.tree(row) for row in rows]
    expected, got = (each.evaluate({}, [], trees)[0] for each in (reference, engine))
    for row, theirs, ours in zip(rows, expected, got, strict=True):
        assert comparable(ours) == comparable(theirs), repr(row)


def test_every_function_is_probed() -> None:
    assert sorted({probe.function for probe in PROBES}) == sorted(OURS)


@pytest.mark.parametrize("dialect", sorted(LEFT_OUT))
def test_what_an_engine_cannot_say_is_on_the_list(dialect: str) -> None:
    missing = {name for name, function in FUNCTIONS.items() if dialect not in function.lowerings} & OURS
    assert missing == set(LEFT_OUT[dialect])


def test_texts_with_nul_are_held_or_not(engine: Evaluator) -> None:
    """Postgres has no NUL in text: such cells never come there, and functions need not speak of it."""
    assert {engine.holds(each) for each in NUL} == {engine.dialect != "postgres"}
