"""The Postgres that the other tests stand on."""

from __future__ import annotations

import psycopg


def test_it_is_utf8_and_sorts_by_bytes(postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        encoding = connection.execute("SHOW server_encoding").fetchone()
        ordered = connection.execute("SELECT x FROM (VALUES ('a'), ('B'), ('é')) AS t (x) ORDER BY x").fetchall()
    assert encoding == ("UTF8",)
    assert ordered == [("B",), ("a",), ("é",)]
