"""A store that is a bucket of S3, or of what speaks like it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import quote

from sanitizer_api.stores.keys import checked
from sanitizer_api.stores.store import BLOCK, Kept
from sanitizer_core.errors import MissingExtraError, SinkError, SourceError
from sanitizer_core.sinks.sending import put
from sanitizer_core.sources.address import Address, parse_address
from sanitizer_core.sources.stores import filesystem, store_errors

if TYPE_CHECKING:
    import fsspec


@dataclass(frozen=True)
class BucketStore:
    """Files below ``s3://bucket/prefix``; credentials and endpoint come from the environment, as everywhere.

    Args:
        root: without a slash at its end.
    """

    root: str

    def address(self, key: str) -> str:
        return f"{self.root}/{checked(key)}"

    @property
    def bucket(self) -> str:
        return self.root.removeprefix("s3://").partition("/")[0]

    def object_key(self, key: str) -> str:
        """The key of a file within the bucket."""
        return self.address(key).removeprefix(f"s3://{self.bucket}/")

    @cached_property
    def files(self) -> fsspec.AbstractFileSystem:
        return filesystem(parse_address(self.root, SourceError), SourceError)

    @cached_property
    def client(self) -> Any:
        """A client of S3 itself, for what fsspec does not know: signatures, and uploads in parts."""
        try:
            import botocore.session
            from botocore.config import Config
        except ImportError as error:
            raise MissingExtraError("s3fs", "s3") from error
        return botocore.session.get_session().create_client("s3", config=Config(signature_version="s3v4"))

    def size(self, key: str) -> int | None:
        with store_errors(self._place(key), SourceError):
            try:
                found = self.files.info(self.address(key))
            except FileNotFoundError:
                return None
            return int(found["size"]) if found["type"] == "file" else None

    def open(self, key: str, block: int = BLOCK) -> BinaryIO:
        with store_errors(self._place(key), SourceError):
            return cast("BinaryIO", self.files.open(self.address(key), "rb", block_size=block))

    def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        with store_errors(self._place(key), SourceError):
            end = None if length is None else start + length
            return bytes(self.files.cat_file(self.address(key), start=start, end=end))

    @contextmanager
    def write(self, key: str) -> Iterator[BinaryIO]:
        with tempfile.TemporaryDirectory(prefix="sanitizer-") as folder:
            path = Path(folder) / "file"
            with path.open("wb") as file:
                yield file
            self.put(key, path)

    def put(self, key: str, path: Path) -> None:
        put(self.files, path, self._place(key))

    def move(self, key: str, target: str) -> None:
        with store_errors(self._place(key), SinkError):
            self.files.cp_file(self.address(key), self.address(target))
        self._remove(key)

    def below(self, folder: str) -> Iterator[Kept]:
        with store_errors(self._place(folder), SourceError):
            found = self.files.find(self.address(folder) + "/", detail=True)
        for url, about in sorted(found.items()):
            key = folder + f"s3://{url}".removeprefix(self.address(folder))
            yield Kept(key, int(about["size"]), about["LastModified"])

    def delete(self, key: str) -> None:
        for kept in list(self.below(key)):
            self._remove(kept.key)
        self._remove(key)

    def _remove(self, key: str) -> None:
        with store_errors(self._place(key), SinkError):
            self.client.delete_object(Bucket=self.bucket, Key=self.object_key(key))

    def presigned(self, key: str, seconds: int, name: str) -> str:
        wanted = {
            "Bucket": self.bucket,
            "Key": self.object_key(key),
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        }
        return str(self.client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=seconds))

    def _place(self, key: str) -> Address:
        return Address("store", self.address(key), scheme="s3")
