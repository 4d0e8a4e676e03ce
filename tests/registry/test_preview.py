"""Looking at datasets wherever they lie, without reading all of them; and having them back."""

from __future__ import annotations

import gzip
import io
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registry.served import Served, serving
from registry.web import Web, serving_pages
from sanitizer_api.datasets.fetching import fetched, first_bytes
from sanitizer_api.datasets.guard import Guard
from sanitizer_api.datasets.models import Dataset
from sanitizer_api.datasets.networks import RefusedAddressError
from sanitizer_api.datasets.places import readable
from sanitizer_api.datasets.refusing import RefusedContentError
from sanitizer_api.settings import Settings
from sanitizer_api.stores.opening import store_of
from sanitizer_core.errors import SourceError

CSV = b"id,name,since\n1,Ada,2020-01-01\n2,,2021-05-05\n3,Grace,\n4,,2022-12-31\n"
LONG = b"id,name,since\n" + b"".join(b"%d,somebody %d,2020-01-01\n" % (n, n) for n in range(100_000))


@pytest.fixture
def web() -> Iterator[Web]:
    with serving_pages() as known:
        yield known


@pytest.fixture(scope="module")
def near(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A registry that may read from this machine, and from one folder."""
    folder = tmp_path_factory.mktemp("lake")
    allowed = {"dataset_networks": "127.0.0.0/8", "dataset_folders": str(folder)}
    settings = served.settings.model_copy(update=allowed)
    with serving(settings, served.database) as address:
        yield replace(served, address=address, settings=settings)


@pytest.fixture
def ada(near: Served, join: Any) -> Any:
    somebody = join()
    somebody.http.base_url = f"{near.address}/api/v1"
    return somebody


def uploaded(ada: Any, content: bytes) -> str:
    upload = ada.http.post("/uploads", json={"name": "x", "file": "ä b.csv", "size": len(content)}).json()
    ada.http.put(f"/uploads/{upload['id']}/parts/1", content=content)
    done = ada.http.post(f"/uploads/{upload['id']}/complete", json={})
    assert done.status_code == 201, done.text
    return str(upload["id"])


def seen(ada: Any, dataset: str, rows: int = 2) -> dict[str, Any]:
    answer = ada.http.get(f"/datasets/{dataset}/preview", params={"rows": rows})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def registered(ada: Any, address: str) -> str:
    answer = ada.http.post("/datasets", json={"name": "x", "address": address})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def parquet(rows: int) -> bytes:
    made = io.BytesIO()
    table = pa.table({"id": range(rows), "name": [None if n % 2 else f"n{n}" for n in range(rows)]})
    pq.write_table(table, made, row_group_size=5000)
    return made.getvalue()


@pytest.mark.parametrize("content", [CSV, gzip.compress(CSV)], ids=["plain", "packed"])
def test_of_a_small_text_all_is_seen(ada: Any, content: bytes) -> None:
    told = seen(ada, uploaded(ada, content))
    assert told["columns"] == [
        {"name": "id", "type": "integer", "nulls": 0.0},
        {"name": "name", "type": "text", "nulls": 0.5},
        {"name": "since", "type": "timestamp", "nulls": 0.25},
    ]
    assert told["first"] == [["1", "Ada", "2020-01-01"], ["2", None, "2021-05-05"]]
    assert (told["looked_at"], told["whole"], told["rows"], told["format"]) == (4, True, 4, "csv")


def test_of_other_texts_and_workbooks_too(ada: Any, tmp_path: Path) -> None:
    import xlsxwriter

    rows = [{"id": 1, "name": "Ada"}, {"id": 2, "name": None}]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for place, line in enumerate([["id", "name"], [1, "Ada"], [2, None]]):
            book.get_worksheet_by_name("Sheet1") or book.add_worksheet("Sheet1")
            book.get_worksheet_by_name("Sheet1").write_row(place, 0, line)
    texts = [json.dumps(rows).encode(), "\n".join(map(json.dumps, rows)).encode(), (tmp_path / "a.xlsx").read_bytes()]
    for content in texts:
        dataset = uploaded(ada, content)
        told = seen(ada, dataset)
        assert [(each["name"], each["type"], each["nulls"]) for each in told["columns"]] == [
            ("id", "integer", 0.0),
            ("name", "text", 0.5),
        ], content
        assert (told["first"], told["whole"]) == ([[1, "Ada"], [2, None]], True)
        ada.http.delete(f"/datasets/{dataset}")


def test_of_a_large_file_only_a_part_is_read(ada: Any) -> None:
    for content in (LONG, gzip.compress(LONG, 1), json.dumps([{"id": n} for n in range(200_000)]).encode()):
        dataset = uploaded(ada, content)
        told = seen(ada, dataset, rows=1)
        assert 1000 < told["looked_at"] <= 10_000
        assert (told["whole"], told["rows"], len(told["first"])) == (False, None, 1)
        assert told["columns"][0] == {"name": "id", "type": "integer", "nulls": 0.0}
        ada.http.delete(f"/datasets/{dataset}")
    told = seen(ada, uploaded(ada, parquet(50_000)))
    assert (told["rows"], told["looked_at"], told["whole"]) == (50_000, 10_000, False)
    assert told["columns"][1] == {"name": "name", "type": "text", "nulls": 0.5}


def test_a_download_is_signed_and_can_be_had_in_ranges(ada: Any, near: Served) -> None:
    dataset = uploaded(ada, CSV)
    url = near.address + ada.http.get(f"/datasets/{dataset}/download").json()["url"]
    whole = httpx.get(url)
    assert (whole.status_code, whole.content) == (200, CSV)
    assert "%C3%A4%20b.csv" in whole.headers["content-disposition"]
    assert httpx.get(url, headers={"Range": "bytes=3-6"}).content == CSV[3:7]
    assert httpx.get(url.replace("signature=", "signature=0")).status_code == 403
    assert httpx.get(url.replace("data.csv", "..%2f..%2fsecret_key")).status_code == 403
    assert httpx.get(url.partition("?")[0]).status_code == 401
    ada.http.delete(f"/datasets/{dataset}")
    assert ada.http.get(f"/datasets/{dataset}/download").status_code == 404


def test_a_file_on_the_web_is_looked_at_past_a_redirect(ada: Any, web: Web) -> None:
    web.pages = {"/a": (302, {"Location": "/b.csv"}, b""), "/b.csv": (200, {}, LONG * 8)}
    dataset = registered(ada, web.address.replace("//", "//ada:hunter2@") + "/a?token=abc")
    assert "hunter2" not in ada.http.get(f"/datasets/{dataset}").text
    assert seen(ada, dataset)["columns"][0]["name"] == "id"
    assert ada.http.get(f"/datasets/{dataset}").json()["format"] == "csv"
    assert [path for path, _ in web.asked] == ["/a?token=abc", "/b.csv"]
    assert web.asked[0][1]["authorization"].startswith("Basic ")
    assert web.sent < len(LONG) * 4
    web.pages["/c.parquet"] = (200, {}, parquet(10))
    ada.http.delete(f"/datasets/{dataset}")
    assert seen(ada, registered(ada, f"{web.address}/c.parquet"))["rows"] == 10


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest", "http://10.0.0.1/", "file:///etc/passwd", "s3://lake/a.csv", "//[::1]/"],
)
def test_a_redirect_leads_nowhere_that_an_address_may_not(web: Web, location: str, tmp_path: Path) -> None:
    web.pages["/a"] = (302, {"Location": location}, b"")
    guard = Guard.of(Settings(home=tmp_path, dataset_networks="127.0.0.0/8"), "s3://store")
    with pytest.raises(RefusedAddressError):
        first_bytes(f"{web.address}/a", guard, 10)


def test_what_the_web_does_wrong_is_an_error_and_ends(web: Web, tmp_path: Path) -> None:
    guard = Guard.of(Settings(home=tmp_path, dataset_networks="127.0.0.0/8"), "s3://store")
    web.pages = {
        "/round": (302, {"Location": "/round"}, b""),
        "/large": (200, {}, b"x" * (1 << 20)),
        "/broken": (503, {}, b""),
    }
    with pytest.raises(RefusedAddressError, match="leads on"):
        first_bytes(f"{web.address}/round", guard, 10)
    with pytest.raises(RefusedContentError, match="larger than 1000 bytes"):
        fetched(f"{web.address}/large", guard, tmp_path / "x", 1000)
    with pytest.raises(SourceError, match="answers 404") as gone:
        first_bytes(f"{web.address}/none?token=abc", guard, 10)
    assert not gone.value.retryable and "abc" not in str(gone.value)
    with pytest.raises(SourceError, match="answers 503") as broken:
        first_bytes(f"{web.address}/broken", guard, 10)
    assert broken.value.retryable


def test_a_folder_of_the_server_that_is_allowed(ada: Any, near: Served) -> None:
    lake = Path(near.settings.dataset_folders)
    (lake / "a.csv").write_bytes(CSV)
    (lake / "day=1").mkdir(exist_ok=True)
    (lake / "day=1" / "a.parquet").write_bytes(parquet(10))
    first = registered(ada, f"file://{lake}/a.csv")
    assert seen(ada, first)["looked_at"] == 4
    ada.http.delete(f"/datasets/{first}")
    for address, names in ((f"{lake}/*/*.parquet", ["id", "name"]), (f"{lake}/", ["id", "name", "day"])):
        dataset = registered(ada, address)
        assert [each["name"] for each in seen(ada, dataset)["columns"]] == names
        ada.http.delete(f"/datasets/{dataset}")


def test_what_is_read_for_a_run_is_looked_at_again(near: Served, web: Web, tmp_path: Path) -> None:
    web.pages = {"/a": (200, {}, CSV), "/b": (200, {}, b"<html>")}
    store = store_of(near.settings)
    made = Dataset(name="x", address=f"{web.address}/a", registered_by=None)  # type: ignore[arg-type]
    with readable(made, store, near.settings, tmp_path) as place:
        assert (Path(place.address).read_bytes(), place.format, place.shown) == (CSV, "csv", f"{web.address}/a")
    made.address = f"{web.address}/b"
    with pytest.raises(RefusedContentError, match="page"), readable(made, store, near.settings, tmp_path):
        pass
    evil = Path(near.settings.dataset_folders) / "evil.csv"
    evil.write_bytes(b"\x00" * 8 + b"DUCK" + b"\x00" * 100)
    made.address = str(evil)
    with pytest.raises(RefusedContentError, match="duckdb"), readable(made, store, near.settings, tmp_path):
        pass


def test_a_bucket_of_somebody(s3: str, tmp_path: Path) -> None:
    import s3fs

    files = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    files.pipe(f"{s3}/lake/a.csv", CSV)
    files.pipe(f"{s3}/lake/t/a.parquet", parquet(10))
    settings = Settings(home=tmp_path, store=f"{s3}/registry")
    store = store_of(settings)
    for address, form in (
        (f"{s3}/lake/a.csv", "csv"),
        (f"{s3}/lake/t/a.parquet", "parquet"),
        (f"{s3}/lake/t/", "parquet"),
    ):
        made = Dataset(name="x", address=address, registered_by=None)  # type: ignore[arg-type]
        with readable(made, store, settings, tmp_path) as place:
            assert (place.address, place.format) == (address, form)


def test_a_table_of_a_database(near: Served, tmp_path: Path) -> None:
    from sanitizer_api.datasets.looking import _of_database
    from sanitizer_core.sources.address import parse_address

    with psycopg.connect(near.database) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS shop")
        connection.execute("CREATE TABLE shop.customers AS SELECT 1::bigint AS id, NULL::text AS name, now() AS since")
    told = _of_database(parse_address(f"{near.database}&table=shop.customers", SourceError), 5)
    assert [(each.name, each.type, each.nulls) for each in told.columns] == [
        ("id", "int8", 0.0), ("name", "text", 1.0), ("since", "timestamptz", 0.0),
    ]  # fmt: skip
    assert (told.looked_at, told.whole, told.first[0][:2]) == (1, True, [1, None])


def test_a_stranger_that_does_not_answer_is_waited_for_no_longer_than_that(near: Served, join: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = near.settings.model_copy(update={"ask_seconds": 1})
        with serving(settings, near.database) as address:
            ada = join()
            ada.http.base_url = f"{address}/api/v1"
            dataset = registered(ada, f"http://127.0.0.1:{silent.getsockname()[1]}/a.csv")
            late = ada.http.get(f"/datasets/{dataset}/preview")
            assert late.status_code == 503 and "does not answer in time" in late.json()["detail"]
            silent.close()
