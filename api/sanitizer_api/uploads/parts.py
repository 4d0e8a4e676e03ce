"""Parts of an upload, as a store keeps them."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sanitizer_api.stores.bucket import BucketStore
from sanitizer_api.stores.folder import FolderStore
from sanitizer_api.stores.keys import upload_key
from sanitizer_api.stores.store import Store
from sanitizer_api.uploads.models import Upload
from sanitizer_core.errors import SinkError
from sanitizer_core.sinks.beside import beside
from sanitizer_core.sources.address import Address
from sanitizer_core.sources.stores import store_errors

INCOMING = "incoming"
"""What a file is called once its parts are put together, and before it is known what it is."""
UPLOADS = "/api/v1/uploads"


@dataclass(frozen=True)
class Part:
    """A part that is there.

    Args:
        digest: SHA-256 (hex), when it came through the registry.
        etag: the store's own name for its content, in a bucket.
    """

    number: int
    size: int
    digest: str | None = None
    etag: str | None = None


class Parts(Protocol):
    """The parts of uploads in one kind of store. Every call may wait for a disk or a network."""

    def begin(self, upload: Upload) -> str | None:
        """Makes room; gives the store's own name of the upload, where it has one."""

    def keep(self, upload: Upload, number: int, path: Path, digest: str) -> None:
        """Takes in a part: a file that is there whole. The newest of a number counts."""

    def there(self, upload: Upload) -> list[Part]:
        """The parts that are there, by number."""

    def join(self, upload: Upload, parts: list[Part]) -> str:
        """Puts the parts together; gives the key of the whole."""

    def url(self, upload: Upload, number: int, seconds: int) -> str:
        """Where to PUT a part: absolute, or a path of this registry's own. Whoever has it may."""

    def scratch(self, upload: Upload) -> Path | None:
        """The folder in which to write what is kept then; ``None``: any."""

    def drop(self, upload: Upload) -> None:
        """Takes away all parts."""


def parts_of(store: Store) -> Parts:
    """The parts of uploads in a store."""
    if isinstance(store, BucketStore):
        return BucketParts(store)
    assert isinstance(store, FolderStore)
    return FolderParts(store)


def whole_key(upload: Upload, name: str = INCOMING) -> str:
    """The key of the file of an upload."""
    return upload_key(upload.organisation_id, upload.id, name)


@dataclass(frozen=True)
class FolderParts:
    """Parts as files, called by number and digest."""

    store: FolderStore

    def begin(self, upload: Upload) -> str | None:
        self._folder(upload).mkdir(parents=True, exist_ok=True)
        return None

    def keep(self, upload: Upload, number: int, path: Path, digest: str) -> None:
        final = self._folder(upload) / f"{number:05}.{digest}"
        path.replace(final)
        since = final.stat().st_mtime_ns
        for other in self._folder(upload).glob(f"{number:05}.*"):
            # Of two that come at once the later stays, whichever looks first.
            if other != final and other.stat().st_mtime_ns < since:
                other.unlink(missing_ok=True)

    def there(self, upload: Upload) -> list[Part]:
        newest: dict[int, Part] = {}
        for path in sorted(self._folder(upload).glob("[0-9]*.*"), key=lambda path: path.stat().st_mtime_ns):
            number, _, digest = path.name.partition(".")
            newest[int(number)] = Part(int(number), path.stat().st_size, digest)
        return [newest[number] for number in sorted(newest)]

    def join(self, upload: Upload, parts: list[Part]) -> str:
        key = whole_key(upload)
        with beside(self.store.path(key), upload.file) as staged, staged.open("wb") as whole:
            for part in parts:
                with (self._folder(upload) / f"{part.number:05}.{part.digest}").open("rb") as file:
                    shutil.copyfileobj(file, whole, 1 << 20)
        return key

    def url(self, upload: Upload, number: int, seconds: int) -> str:
        words = (str(upload.id), str(number))
        query = self.store.signer.query(seconds, "PUT", *words, organisation=str(upload.organisation_id))
        return f"{UPLOADS}/{upload.id}/parts/{number}?{query}"

    def scratch(self, upload: Upload) -> Path | None:
        return self._folder(upload)

    def drop(self, upload: Upload) -> None:
        shutil.rmtree(self._folder(upload), ignore_errors=True)

    def _folder(self, upload: Upload) -> Path:
        return self.store.path(whole_key(upload, "parts"))


@dataclass(frozen=True)
class BucketParts:
    """Parts of an upload of S3's own kind, which knows them by itself."""

    store: BucketStore

    def begin(self, upload: Upload) -> str | None:
        with self._errors(upload):
            return str(self.store.client.create_multipart_upload(**self._object(upload))["UploadId"])

    def keep(self, upload: Upload, number: int, path: Path, digest: str) -> None:
        with self._errors(upload), path.open("rb") as file:
            self.store.client.upload_part(**self._upload(upload), PartNumber=number, Body=file)

    def there(self, upload: Upload) -> list[Part]:
        pages = self.store.client.get_paginator("list_parts").paginate(**self._upload(upload))
        with self._errors(upload):
            found = [each for page in pages for each in page.get("Parts", ())]
        parts = [Part(each["PartNumber"], each["Size"], etag=each["ETag"].strip('"')) for each in found]
        return sorted(parts, key=lambda part: part.number)

    def join(self, upload: Upload, parts: list[Part]) -> str:
        named = [{"PartNumber": part.number, "ETag": f'"{part.etag}"'} for part in parts]
        with self._errors(upload):
            self.store.client.complete_multipart_upload(**self._upload(upload), MultipartUpload={"Parts": named})
        return whole_key(upload)

    def url(self, upload: Upload, number: int, seconds: int) -> str:
        wanted = self._upload(upload) | {"PartNumber": number}
        return str(self.store.client.generate_presigned_url("upload_part", Params=wanted, ExpiresIn=seconds))

    def scratch(self, upload: Upload) -> Path | None:
        return None

    def drop(self, upload: Upload) -> None:
        from botocore.exceptions import ClientError

        try:
            self.store.client.abort_multipart_upload(**self._upload(upload))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "NoSuchUpload":
                raise SinkError(f"the parts of {upload.file} cannot be deleted: {error}") from error

    def _object(self, upload: Upload) -> dict[str, str]:
        return {"Bucket": self.store.bucket, "Key": self.store.object_key(whole_key(upload))}

    def _upload(self, upload: Upload) -> dict[str, object]:
        return {**self._object(upload), "UploadId": upload.multipart}

    def _errors(self, upload: Upload) -> AbstractContextManager[None]:
        place = Address("store", self.store.address(whole_key(upload)), scheme="s3")
        return store_errors(place, SinkError)
