"""One interface over a folder and a real S3 server."""

from __future__ import annotations

import urllib.request
import uuid
from pathlib import Path

import pytest

from sanitizer_api.problems import ForbiddenError, NotAuthenticatedError
from sanitizer_api.settings import Settings
from sanitizer_api.stores.folder import FolderStore
from sanitizer_api.stores.keys import checked, run_key, upload_key
from sanitizer_api.stores.opening import store_of
from sanitizer_api.stores.signing import Signer
from sanitizer_api.stores.store import Store
from sanitizer_core.errors import SourceError


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    root = request.getfixturevalue("s3") + "/registry" if request.param == "bucket" else str(tmp_path / "files")
    return store_of(Settings(home=tmp_path, store=root))


def half(store: Store, key: str) -> None:
    with store.write(key) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_a_file_is_there_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    key = upload_key(uuid.uuid4(), uuid.uuid4(), "data.csv")
    assert store.size(key) is None
    with pytest.raises(SourceError):
        store.read(key)
    with pytest.raises(KeyboardInterrupt):
        half(store, key)
    assert store.size(key) is None
    with store.write(key) as file:
        file.write(b"0123456789")
    assert (store.size(key), store.read(key), store.read(key, 2, 3), store.read(key, 8)) == (
        10,
        b"0123456789",
        b"234",
        b"89",
    )
    with store.open(key) as opened:
        opened.seek(-4, 2)
        assert opened.read() == b"6789"
    (tmp_path / "other").write_bytes(b"new")
    store.put(key, tmp_path / "other")
    assert store.read(key) == b"new"


def test_folders_are_listed_and_deleted(store: Store) -> None:
    organisation, run = uuid.uuid4(), uuid.uuid4()
    for name in ("run.json", "clean.parquet"):
        with store.write(run_key(organisation, run, name)) as file:
            file.write(name.encode())
    folder = run_key(organisation, run)
    kept = list(store.below(folder))
    assert [(each.key, each.size) for each in kept] == [(f"{folder}/clean.parquet", 13), (f"{folder}/run.json", 8)]
    assert store.address(folder).endswith(folder)
    store.delete(f"{folder}/run.json")
    assert [each.key for each in store.below(folder)] == [f"{folder}/clean.parquet"]
    for _ in range(2):
        store.delete(folder)
        assert list(store.below(folder)) == []


def test_a_signed_address_of_a_bucket_gives_the_file_to_whoever_has_it(s3: str, tmp_path: Path) -> None:
    store = store_of(Settings(home=tmp_path, store=s3))
    key = upload_key(uuid.uuid4(), uuid.uuid4(), "data.csv")
    with store.write(key) as file:
        file.write(b"a,b\n1,2\n")
    with urllib.request.urlopen(store.presigned(key, 60, "Kündigung.csv")) as answer:
        assert answer.read() == b"a,b\n1,2\n"


def test_signatures_are_of_one_address_and_end() -> None:
    signer = Signer("k" * 40)
    query = dict(part.split("=") for part in signer.query(60, "key", name="a").split("&"))
    expires, signature = int(query["expires"]), query["signature"]
    signer.check(expires, signature, "key", name="a")
    for words, name in ((["other"], "a"), (["key"], "b"), (["key", "a"], "")):
        with pytest.raises(ForbiddenError, match="not of this address"):
            signer.check(expires, signature, *words, name=name)
    with pytest.raises(ForbiddenError):
        signer.check(expires + 1, signature, "key", name="a")
    with pytest.raises(NotAuthenticatedError):
        signer.check(None, None, "key", name="a")
    old = dict(part.split("=") for part in signer.query(-1, "key").split("&"))
    with pytest.raises(ForbiddenError, match="no longer good"):
        signer.check(int(old["expires"]), old["signature"], "key")


@pytest.mark.parametrize("key", ["", "..", "a/../b", "/a", "a//b", ".a", "a\\b", "a\x00", "a/", "a b"])
def test_no_key_leads_out_of_the_root(key: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no key"):
        checked(key)
    with pytest.raises(ValueError, match="no key"):
        FolderStore(str(tmp_path), Signer("k" * 40)).path(key)


@pytest.mark.parametrize("setting", ["s3://", "s3://key:secret@bucket/x", "gs://bucket", "s3://b?versionId=1"])
def test_a_store_is_a_folder_or_a_bucket(setting: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SANITIZER_STORE"):
        store_of(Settings(home=tmp_path, store=setting))
