"""Publishing versions and moving labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.definitions import repository
from sanitizer_api.definitions.kinds import Document, Kind
from sanitizer_api.definitions.models import Definition, Label, LabelMove, Version
from sanitizer_api.problems import ConflictError, NotFoundError
from sanitizer_core.errors import SanitizerError, did_you_mean

LATEST = "latest"


@dataclass(frozen=True)
class Library:
    """The definitions of one kind, for one caller.

    Args:
        session: the transaction; whoever opened it commits.
    """

    session: AsyncSession
    kind: Kind
    caller: Caller

    def read(self, text: str) -> Document:
        """The recipe or contract in a text.

        Raises:
            SanitizerError: with everything that is wrong with it.
        """
        return self.kind.read(text, f"{self.kind.name}.yaml")

    def problems(self, text: str) -> SanitizerError | None:
        """What is wrong with a text; ``None`` when nothing is."""
        try:
            self.read(text)
        except SanitizerError as error:
            return error
        return None

    async def publish(self, text: str, note_: str | None, *, following: bool) -> tuple[Definition, Version, bool]:
        """The version that holds what the text means, and whether it is new.

        Args:
            following: whether it takes the next free number, whatever number the text says.

        Raises:
            ConflictError: the number that the text says is taken by another meaning.
        """
        document = self.read(text)
        name = document.name
        definition = await repository.definition_for(self.session, self.caller.organisation, self.kind.name, name)
        same = await repository.version_of_digest(self.session, definition.id, document.digest())
        if same is not None:
            return definition, same, False
        highest = (await repository.latest(self.session, [definition.id])).get(definition.id, 0)
        number = highest + 1 if following else document.version
        if await repository.version(self.session, definition.id, number) is not None:
            raise ConflictError(
                f"version {number} of {self.kind.name} {name!r} is published, and means something else",
                hint=f"A version never changes. Publish this as version {highest + 1}, or send 'next': true.",
            )
        made = Version(
            definition_id=definition.id, number=number, digest=document.digest(),
            content=document.plain() | {"version": number}, text=text, published_by=self.caller.user, note=note_,
        )  # fmt: skip
        self.session.add(made)
        await self.session.flush()
        await self._note("publish", name, version=number, digest=made.digest)
        return definition, made, True

    async def find(self, name: str, *, lock: bool = False) -> Definition:
        """A definition by its name.

        Raises:
            NotFoundError: there is none.
        """
        found = await repository.definition(self.session, self.kind.name, name, lock=lock)
        if found is None:
            raise NotFoundError(
                f"there is no {self.kind.name} {name!r}", hint=f"GET /api/v1/{self.kind.plural} lists them."
            )
        return found

    async def version(self, name: str, reference: str) -> tuple[Definition, Version]:
        """A version by its number, by a label, or the ``latest``.

        Raises:
            NotFoundError: there is none.
        """
        definition = await self.find(name)
        if reference.isdecimal() and len(reference) < 10:
            found = await repository.version(self.session, definition.id, int(reference))
        elif reference == LATEST:
            found = await repository.newest(self.session, definition.id)
        else:
            label = await repository.label(self.session, definition.id, reference)
            found = label.version if label is not None else None
        if found is None:
            raise NotFoundError(
                f"{self.kind.name} {name!r} has no version {reference!r}", hint=await self._hint(definition, reference)
            )
        return definition, found

    async def _hint(self, definition: Definition, reference: str) -> str | None:
        labels = await repository.labels(self.session, [definition.id])
        return did_you_mean(reference, [LATEST, *(label.name for label in labels)])

    async def move_label(self, name: str, label: str, number: int | None) -> None:
        """Puts a label at a version, or takes it away (``None``); the move is kept."""
        if label == LATEST or label.isdecimal():
            raise ConflictError(f"{label!r} cannot be a label", hint="It names a version already.")
        definition = await self.find(name, lock=True)
        found = await repository.label(self.session, definition.id, label)
        before = found.version.number if found is not None else None
        if before == number:
            return
        if number is None:
            await self.session.delete(found)
        else:
            _, version = await self.version(name, str(number))
            if found is not None:
                found.version_id = version.id
            else:
                self.session.add(Label(definition_id=definition.id, name=label, version_id=version.id))
        self.session.add(
            LabelMove(definition_id=definition.id, name=label, before=before, after=number, moved_by=self.caller.user)
        )
        await self.session.flush()
        await self._note("move-label", name, label=label, before=before, after=number)

    async def deprecate(self, name: str, reference: str, reason: str) -> tuple[Definition, Version]:
        """Says that a version should no longer be used; it can still be had."""
        definition, version = await self.version(name, reference)
        version.deprecated_at, version.deprecated_why = datetime.now(UTC), reason
        await self.session.flush()
        await self._note("deprecate", name, version=version.number, reason=reason)
        return definition, version

    async def _note(self, action: str, name: str, **details: object) -> None:
        subject = f"{self.kind.name}:{name}"
        await note(self.session, self.caller.organisation, self.caller.user, action, subject, **details)
