"""Two things of a run at once: the second connection knows what the first does, and never outlives the block."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import Future

import pytest
from sqlglot import exp

from sanitizer_core.chain import Relation, unmarked
from sanitizer_core.engines.duckdb import DuckDBEngine
from sanitizer_core.errors import EngineError
from sanitizer_core.pipeline.meanwhile import meanwhile
from sanitizer_core.plan import ROW
from sanitizer_core.sql import column

ENDLESS = "SELECT max(a.range + b.range) FROM range(10_000_000) AS a, range(10_000_000) AS b"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_second_connection_knows_what_the_first_was_told(packed: bool, threads: int) -> None:
    with DuckDBEngine.open(threads=threads) as engine:
        engine.make_room(1 << 60 if packed else 0)
        engine.hand_over("key", "a 'secret'")
        engine.number("rows", exp.select(exp.alias_("range", "n", quoted=True)).from_("range(10)"))
        odd = exp.select(column(ROW)).from_("rows").where("n % 2 = 1")
        engine.create(Relation("gone", odd, stored=True, marks=True))
        asked = exp.select("sum(n)", "getvariable('key')").from_("rows").where(unmarked("gone", engine.rows))
        with meanwhile(engine, lambda other: (other.fetch(asked), other.rows)) as pending:
            engine.create(Relation("more", exp.select("*").from_("rows"), stored=True))
        assert pending.result() == ([(20, "a 'secret'")], 10)


IN_ANOTHER_ZONE = """
from sqlglot import exp
from sanitizer_core.engines.duckdb import DuckDBEngine
noon = exp.select(exp.maybe_parse("'2024-01-31 23:30:00+00'::TIMESTAMPTZ::TEXT", dialect="duckdb"))
with DuckDBEngine.open() as engine, engine.twin().connection as other:
    print(*engine.fetch(noon)[0], *other.execute(noon.sql("duckdb")).fetchone(), sep="|")
"""


def test_a_second_connection_tells_the_time_as_the_first_does_wherever_the_machine_is() -> None:
    elsewhere = os.environ | {"TZ": "Asia/Kolkata"}
    ran = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_ZONE], env=elsewhere, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "2024-01-31 23:30:00+00|2024-01-31 23:30:00+00"


def test_what_goes_on_beside_a_block_that_fails_is_stopped() -> None:
    begun = threading.Event()
    started: list[Future[None]] = []

    def work(other: DuckDBEngine) -> None:
        begun.set()
        other.execute(ENDLESS)

    def stopped(engine: DuckDBEngine) -> None:
        with meanwhile(engine, work) as pending:
            started.append(pending)
            assert begun.wait(60)
            raise KeyboardInterrupt

    with DuckDBEngine.open(threads=2) as engine:
        with pytest.raises(KeyboardInterrupt):
            stopped(engine)
        assert isinstance(started[0].exception(), EngineError)
        assert engine.fetch(exp.select("1")) == [(1,)]


def test_a_failure_beside_the_block_is_the_block_s() -> None:
    with (
        DuckDBEngine.open(threads=2) as engine,
        pytest.raises(EngineError, match="nowhere"),
        meanwhile(engine, lambda other: other.execute("SELECT * FROM nowhere")),
    ):
        pass
