"""Relations of dbt are called as dbt's own lineage calls them, where there is an address for their warehouse."""

from __future__ import annotations

from typing import Any

import pytest

from sanitizer_core.dbt.addresses import address_of
from sanitizer_core.errors import SourceError
from sanitizer_core.lineage import DatasetName, dataset_name
from sanitizer_core.sources.address import parse_address
from sanitizer_core.sources.postgres.names import name_parts

NODE = {"database": "shop", "schema": "raw", "alias": "customers", "name": "stg", "relation_name": '"shop"."raw"."customers"'}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (
            {"type": "postgres", "host": "db.example", "port": 5433},
            DatasetName("postgres://db.example:5433", "shop.raw.customers"),
        ),
        ({"type": "duckdb", "path": "/data/shop.db"}, DatasetName("duckdb:///data/shop.db", "shop.raw.customers")),
    ],
)
def test_a_relation_has_the_name_of_dbts_lineage(place: dict[str, Any], name: DatasetName) -> None:
    assert dataset_name(address_of(NODE, place)) == name


def test_a_name_of_any_letters_stays_one_name() -> None:
    node = NODE | {"database": "a/b", "schema": "dbt_joe.smith", "alias": 'R&D "50%+"'}
    place = {"type": "postgres", "host": "db.example", "port": 5433}
    address = parse_address(address_of(node, place), SourceError)
    assert name_parts(address.table or "") == ["dbt_joe.smith", 'R&D "50%+"']
    told = DatasetName("postgres://db.example:5433", 'a/b.dbt_joe.smith.R&D "50%+"')
    assert dataset_name(address.shown) == dataset_name(address_of(node, place)) == told
    file = parse_address(address_of(node, {"type": "duckdb", "path": "a.duckdb"}), SourceError)
    assert file.table == 'dbt_joe.smith.R&D "50%+"'


@pytest.mark.parametrize("place", [{}, {"type": "snowflake"}, {"type": "duckdb", "path": ":memory:"}])
def test_what_has_no_address_keeps_its_name_in_sql(place: dict[str, Any]) -> None:
    assert address_of(NODE, place) == '"shop"."raw"."customers"'
    source = NODE | {"identifier": "other", "alias": None}
    assert address_of(source, {"type": "duckdb", "path": "a.duckdb"}) == "duckdb:a.duckdb?table=raw.other"
