"""From the parts of an upload to a file under its final key."""

from __future__ import annotations

from dataclasses import dataclass

from sanitizer_api.datasets.content import Content, inspected
from sanitizer_api.datasets.refusing import RefusedContentError
from sanitizer_api.problems import ConflictError
from sanitizer_api.stores.keys import upload_key
from sanitizer_api.stores.store import WHOLE, Store, digest_of
from sanitizer_api.uploads.models import Upload
from sanitizer_api.uploads.parts import INCOMING, Part, Parts, whole_key


@dataclass(frozen=True)
class Finished:
    """A file that is whole.

    Args:
        digest: SHA-256 (hex).
    """

    key: str
    digest: str
    content: Content


def finished(store: Store, parts: Parts, upload: Upload, limit: int) -> Finished:
    """Puts the parts together, and looks what they are. Whatever ended it before, it can be done again.

    Args:
        limit: how many bytes the file may be when it is unpacked.

    Raises:
        ConflictError: a part is missing, or not as large as it has to be.
        RefusedContentError: it is not what was announced, or no table that is taken.
    """
    whole = _joined(store, upload)
    if whole is None:
        there = parts.there(upload)
        _refuse_incomplete(upload, there)
        whole = parts.join(upload, there)
    digest = digest_of(store, whole)
    if upload.digest is not None and digest != upload.digest:
        raise RefusedContentError(
            f"the file that came has the digest {digest}; {upload.digest} was announced",
            hint="A part was changed on its way: upload it again.",
        )
    with store.open(whole, WHOLE) as file:
        content = inspected(file, limit)
    key = whole_key(upload, content.name)
    if whole != key:
        store.move(whole, key)
    parts.drop(upload)
    return Finished(key, digest, content)


def _joined(store: Store, upload: Upload) -> str | None:
    """The key of the whole, where it was put together before, and perhaps got its final name."""
    folder = upload_key(upload.organisation_id, upload.id)
    names = (INCOMING, "data.")
    return next(
        (kept.key for kept in store.below(folder) if kept.key.removeprefix(f"{folder}/").startswith(names)), None
    )


def _refuse_incomplete(upload: Upload, there: list[Part]) -> None:
    sizes = {part.number: part.size for part in there}
    missing = [number for number in range(1, upload.parts + 1) if number not in sizes]
    if missing:
        more = f" and {len(missing) - 20} more" if len(missing) > 20 else ""
        raise ConflictError(
            f"of {upload.parts} parts are missing: {', '.join(map(str, missing[:20]))}{more}", hint="Send them."
        )
    for number, size in sizes.items():
        if number > upload.parts or size != upload.part(number):
            wanted = upload.part(number) if number <= upload.parts else 0
            raise ConflictError(f"part {number} has {size} bytes; {wanted} were announced", hint="Send it again.")
