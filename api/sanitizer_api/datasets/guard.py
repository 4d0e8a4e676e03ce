"""What may be registered as an address, and what may be read from one."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from sanitizer_api.datasets.networks import Networks, RefusedAddressError
from sanitizer_api.settings import Settings
from sanitizer_core.errors import SourceError, did_you_mean
from sanitizer_core.sources.address import DUCKDB_SUFFIXES, POSTGRES, STORES, Address, masked, parse_address

WEB = ("https", "http")
_PORTS = {"https": 443, "http": 80}
_POSTGRES_WORDS = ("table", "sslmode", "application_name", "connect_timeout", "channel_binding")
"""All that an address of a database may say; others name files and sockets of the server, or lead elsewhere."""
_WILD = re.compile(r"[*?\[\]{}]")


@dataclass(frozen=True)
class Passed:
    """An address that may be read.

    Args:
        location: the whole of it, as it is to be read now: a name in it is pinned to the address that was checked.
        shown: without credentials.
        host: of a web address, the name that was asked for; ``location`` holds its number.
    """

    location: str
    shown: str
    host: str | None = None


@dataclass(frozen=True)
class Guard:
    """The rules of a registry.

    Args:
        folders: local folders that may be read from.
        own: where the registry keeps its own files; nobody reads there by address.
        store: the root of its store.
    """

    networks: Networks
    folders: tuple[Path, ...]
    own: tuple[Path, ...]
    store: str

    @classmethod
    def of(cls, settings: Settings, store: str) -> Guard:
        """The rules that the settings say.

        Raises:
            ValueError: a setting is wrong.
        """
        folders = tuple(Path(part.strip()).resolve() for part in settings.dataset_folders.split(",") if part.strip())
        own = (settings.home.resolve(), *([] if "://" in store else [Path(store).resolve()]))
        return cls(Networks.of(settings.dataset_networks), folders, own, store)

    def check(self, text: str) -> Passed:
        """The address, once it is known that it may be read. It waits for the resolver: not for an event loop.

        Raises:
            RefusedAddressError: it may not, or it is none.
        """
        scheme = text.partition("://")[0].lower() if "://" in text else ""
        if scheme in WEB:
            return self._web(text, scheme)
        if scheme in POSTGRES:
            return self._postgres(text)
        if scheme in STORES:
            return self._object(text)
        if scheme and scheme != "file":
            hint = (
                did_you_mean(scheme, (*WEB, *POSTGRES, *STORES))
                or f"Allowed are {', '.join((*WEB, *POSTGRES, *STORES))}."
            )
            raise RefusedAddressError(f"the scheme {scheme!r} is not known", hint=hint)
        return self._local(text)

    def _web(self, text: str, scheme: str) -> Passed:
        parts = _parts(text)
        host, port = _host(parts), parts.port or _PORTS[scheme]
        number = self.networks.resolved(host, port)
        credentials, at, _ = parts.netloc.rpartition("@")
        netloc = f"{credentials}{at}{f'[{number}]' if ':' in number else number}:{port}"
        return Passed(parts._replace(netloc=netloc, fragment="").geturl(), masked(text), host)

    def _postgres(self, text: str) -> Passed:
        parts = _parts(text)
        words = parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True)
        for name, _ in words:
            if name not in _POSTGRES_WORDS:
                hint = did_you_mean(name, _POSTGRES_WORDS) or f"Allowed are: {', '.join(_POSTGRES_WORDS)}."
                raise RefusedAddressError(f"an address of a database may not say {name!r}", hint=hint)
        if not any(name == "table" and value for name, value in words):
            raise RefusedAddressError("the address names no table", hint="Add ?table=schema.name.")
        host = _host(parts)
        if "," in parts.netloc.rpartition("@")[2] or host.startswith(("/", "@")):
            hint = "postgresql://host/database?table=name"
            raise RefusedAddressError("an address of a database names one host", hint=hint)
        # The name stays beside its number, for the certificate is of the name.
        if not any(name == "connect_timeout" for name, _ in words):
            words.append(("connect_timeout", "10"))
        pinned = [*words, ("hostaddr", self.networks.resolved(host, parts.port or 5432))]
        return Passed(parts._replace(query=urlencode(pinned, quote_via=quote)).geturl(), _address(text).shown)

    def _object(self, text: str) -> Passed:
        address = _address(text)
        bucket, _, key = address.location.partition("://")[2].partition("/")
        # An access point (arn:…) would be another name for a bucket.
        if (
            not bucket
            or _WILD.search(bucket)
            or ":" in bucket
            or ("@" in bucket and address.scheme in ("s3", "gs", "gcs"))
        ):
            raise RefusedAddressError(f"{address.shown} names no bucket", hint="s3://bucket/key")
        if key.lower().endswith(DUCKDB_SUFFIXES):
            raise RefusedAddressError("files of DuckDB are not read: their views could name any file of the server")
        if self.store.startswith("s3://") and address.scheme == "s3" and _overlap(self.store, address.location):
            raise RefusedAddressError(f"{address.shown} is where the registry keeps its own files")
        return Passed(address.location, address.shown)

    def _local(self, text: str) -> Passed:
        address = _address(text)
        if address.place != "local":
            raise RefusedAddressError("of the server's own, only files in allowed folders are read, and none of DuckDB")
        if not self.folders:
            raise RefusedAddressError(
                "a path leads into the server, from which nothing is read",
                hint="Upload the file; or whoever runs the registry allows folders, by SANITIZER_DATASET_FOLDERS.",
            )
        fixed, pattern = _fixed(address.location)
        path = Path(fixed).resolve()
        inside = any(path.is_relative_to(folder) for folder in self.folders)
        own = any(path.is_relative_to(own) or own.is_relative_to(path) for own in self.own)
        if not inside or own or ".." in Path(address.location).parts:
            raise RefusedAddressError(
                "the path is in no folder that may be read", hint="See SANITIZER_DATASET_FOLDERS."
            )
        return Passed(str(path / pattern), address.location)


def is_pattern(location: str) -> bool:
    """Whether an address is a pattern of names."""
    return _WILD.search(location) is not None


def _fixed(location: str) -> tuple[str, str]:
    """The folders of a pattern in front of its first wildcard, and the rest; all of what is no pattern."""
    wild = _WILD.search(location)
    if wild is None:
        return location, ""
    folder, _, _ = location[: wild.start()].rpartition("/")
    return folder, location[len(folder) :].lstrip("/")


def _address(text: str) -> Address:
    try:
        return parse_address(text, SourceError)
    except SourceError as error:
        raise RefusedAddressError(error.message, hint=error.hint) from None


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (it is read when it is asked for)
    except ValueError:
        raise RefusedAddressError(f"{masked(text)} is no address") from None
    return parts


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise RefusedAddressError("the address names no host", hint="Such as https://example.com/customers.csv.")
    return unquote(parts.hostname)


def _overlap(root: str, location: str) -> bool:
    """Whether one lies below the other."""
    ours, theirs = (
        [part for part in posixpath.normpath(url.removeprefix("s3://")).split("/") if part]
        for url in (root, _fixed(location)[0])
    )
    common = min(len(ours), len(theirs))
    return ours[:common] == theirs[:common]
