"""Which addresses of datasets the registry reads from, and which never."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.served import Served
from sanitizer_api.datasets.guard import Guard
from sanitizer_api.datasets.networks import RefusedAddressError
from sanitizer_api.settings import Settings

Made = Callable[..., Guard]

LOOPBACK = ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0"]
PRIVATE = ["10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "[fd00:ec2::254]", "[64:ff9b::10.0.0.1]", "[fec0::1]"]
LINK_LOCAL = ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "[2002:a9fe:a9fe::1]", "0xa9fea9fe"]


@pytest.fixture
def guard(tmp_path: Path) -> Made:
    def made(store: str = "s3://lake/registry", **settings: Any) -> Guard:
        return Guard.of(Settings(home=tmp_path / "home", **settings), store)

    return made


@pytest.mark.parametrize("host", [*LOOPBACK, *PRIVATE, *LINK_LOCAL, "224.0.0.1", "255.255.255.255", "240.0.0.1"])
@pytest.mark.parametrize("address", ["http://{}/a.csv", "https://x:y@{}:8443/a.csv", "postgresql://u:p@{}/d?table=t"])
def test_nothing_private_is_reached_however_it_is_written(guard: Made, host: str, address: str) -> None:
    with pytest.raises(RefusedAddressError, match="private network"):
        guard().check(address.format(host))


@pytest.mark.parametrize("host", ["8.8.8.8", "[2001:4860:4860::8888]"])
def test_what_is_public_passes_and_is_pinned(guard: Made, host: str) -> None:
    passed = guard().check(f"https://ada:hunter2@{host}/a.csv?signature=abc")
    assert passed.location == f"https://ada:hunter2@{host}:443/a.csv?signature=abc"
    assert passed.shown == f"https://***@{host}/a.csv?***"
    database = guard().check(f"postgresql://ada:hunter2@{host}/d?table=t")
    assert f"hostaddr={host.strip('[]').replace(':', '%3A')}" in database.location
    assert "hunter2" not in database.shown


def test_networks_can_be_allowed_but_never_the_link_local(guard: Made) -> None:
    allowing = guard(dataset_networks="10.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16")
    assert allowing.check("http://2130706433/a.csv").location == "http://127.0.0.1:80/a.csv"
    assert allowing.check("http://10.1.2.3/a.csv").host == "10.1.2.3"
    for host in ("192.168.1.1", "169.254.169.254"):
        with pytest.raises(RefusedAddressError, match="private network"):
            allowing.check(f"http://{host}/a.csv")


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd", "etc/passwd", "file:///etc/passwd", "FILE://localhost/etc/passwd", "file:/etc/passwd", "~/x", "..", "-",
        "data.duckdb?table=t", "duckdb:/x?table=t", "ftp://8.8.8.8/a.csv", "gopher://8.8.8.8", "https://", "https:///a.csv",
        "https://[::1", "https://8.8.8.8:99999/", "https://no-such-host.invalid/a.csv", "s3://", "s3://*/a.parquet", "s3:///a",
        "s3://arn:aws:s3:eu-west-1:1:accesspoint/x/a", "s3://key@lake/a", "s3://lake/a.duckdb", "postgresql:///d?table=t",
        "postgresql://%2Ftmp/d?table=t", "postgresql://8.8.8.8/d", "postgresql://8.8.8.8,127.0.0.1/d?table=t",
        "postgresql://8.8.8.8/d?table=t&host=127.0.0.1", "postgresql://8.8.8.8/d?table=t&hostaddr=127.0.0.1",
        "postgresql://8.8.8.8/d?table=t&service=x", "postgresql://8.8.8.8/d?table=t&sslkey=/etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_or_leads_into_the_server_is_refused(guard: Made, address: str) -> None:
    with pytest.raises(RefusedAddressError):
        guard().check(address)


@pytest.mark.parametrize(
    "key", ["registry", "registry/x/uploads/y", "", "reg*", "*/x", "x/../registry/y", "/registry//a"]
)
def test_the_registrys_own_files_are_read_by_nobody(guard: Made, key: str) -> None:
    with pytest.raises(RefusedAddressError, match="own files"):
        guard().check(f"s3://lake/{key}")


def test_what_lies_beside_them_passes(guard: Made) -> None:
    for address in ("s3://lake/registry-of-others/a.csv", "s3://lake/tables/day=*/a.parquet", "s3://pond/registry/a"):
        assert guard().check(address).location == address


def test_folders_can_be_allowed(guard: Made, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "a.csv").write_text("a\n1\n")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (lake / "link.csv").symlink_to(tmp_path / "secret.csv")
    allowing = guard(dataset_folders=f"{lake}, {tmp_path / 'home'}")
    assert allowing.check(str(lake / "a.csv")).location == str(lake / "a.csv")
    assert allowing.check(f"file://{lake}/a.csv").location == str(lake / "a.csv")
    assert allowing.check(f"{lake}/day=*/*.parquet").location == f"{lake}/day=*/*.parquet"
    outside = ["../secret.csv", "link.csv", "*/../../secret.csv", "a.duckdb"]
    for path in (*(f"{lake}/{name}" for name in outside), str(tmp_path / "home" / "secret_key"), str(tmp_path)):
        with pytest.raises(RefusedAddressError):
            allowing.check(path)


def test_registered_by_address_and_never_shown_with_its_credentials(join: Any, served: Served) -> None:
    ada, eve = join(), join()
    address = "postgresql://ada:hunter2@8.8.8.8/shop?table=public.customers"
    made = ada.http.post("/datasets", json={"name": "customers", "address": address})
    assert made.status_code == 201, made.text
    shown = ada.http.get(f"/datasets/{made.json()['id']}").json()
    assert shown == made.json()
    assert shown["address"] == "postgresql://8.8.8.8/shop?table=public.customers"
    assert [each["name"] for each in ada.http.get("/datasets").json()["items"]] == ["customers"]
    assert "hunter2" not in ada.http.get("/audit").text
    with psycopg.connect(served.database) as connection:
        kept = connection.execute("SELECT datasets::text FROM datasets").fetchall()
    assert kept and not any("hunter2" in row[0] for row in kept)
    assert eve.http.get(f"/datasets/{made.json()['id']}").status_code == 404
    assert eve.http.delete(f"/datasets/{made.json()['id']}").status_code == 404


def test_refused_addresses_are_problems_without_secrets(join: Any) -> None:
    answer = join().http.post("/datasets", json={"name": "x", "address": "https://ada:hunter2@127.0.0.1/a?token=abc"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:sanitizer:problem:address-refused"
    assert "hunter2" not in answer.text and "abc" not in answer.text


def test_a_name_is_taken_until_its_dataset_is_deleted(join: Any) -> None:
    ada = join()
    wanted = {"name": "customers", "address": "s3://lake/customers.parquet"}
    first = ada.http.post("/datasets", json=wanted).json()
    assert ada.http.post("/datasets", json=wanted).status_code == 409
    assert ada.http.delete(f"/datasets/{first['id']}").status_code == 204
    assert ada.http.get(f"/datasets/{first['id']}").status_code == 404
    assert ada.http.post("/datasets", json=wanted).status_code == 201
    assert [each["id"] for each in ada.http.get("/datasets?deleted=true").json()["items"]] == [first["id"]]
    for name in ("", "../x", "a/b", "a\x00b", ".hidden", "a\nb"):
        assert ada.http.post("/datasets", json={**wanted, "name": name}).status_code == 422, name
