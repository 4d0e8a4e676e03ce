"""Keeping webhooks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import to_thread
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sanitizer_api.access import Caller
from sanitizer_api.audit.trail import note
from sanitizer_api.pages import Paging
from sanitizer_api.problems import ConflictError, NotFoundError
from sanitizer_api.settings import Settings
from sanitizer_api.webhooks.models import Delivery, Webhook
from sanitizer_api.webhooks.outbox import Event, delivery
from sanitizer_api.webhooks.schemas import WebhookChange, WebhookDraft
from sanitizer_api.webhooks.sending import checked_url
from sanitizer_api.webhooks.signing import new_salt, secret_of

MOST = 50
"""Webhooks of one organisation."""


@dataclass(frozen=True)
class Bell:
    """The webhooks of a caller's organisation.

    Args:
        session: the transaction; whoever opened it commits.
    """

    session: AsyncSession
    caller: Caller
    settings: Settings

    async def make(self, wanted: WebhookDraft) -> tuple[Webhook, str]:
        """A webhook, and its secret.

        Raises:
            RefusedAddressError: the registry does not speak to there.
            ConflictError: there are enough.
        """
        await to_thread.run_sync(checked_url, self.settings, wanted.url)
        if len((await self.session.scalars(select(Webhook.id))).all()) >= MOST:
            raise ConflictError(f"there are {MOST} webhooks already", hint="Delete one first.")
        made = Webhook(
            url=wanted.url, events=list(wanted.events), salt=new_salt(), created_by=self.caller.user,
            description=wanted.description,
        )  # fmt: skip
        self.session.add(made)
        await self.session.flush()
        await self._note("make-webhook", made, events=made.events)
        return made, secret_of(made.salt, self.settings.signing_key())

    async def find(self, webhook_id: uuid.UUID) -> Webhook:
        """A webhook by its id.

        Raises:
            NotFoundError: there is none.
        """
        found = await self.session.scalar(select(Webhook).where(Webhook.id == webhook_id))
        if found is None:
            raise NotFoundError("there is no such webhook", hint="GET /api/v1/webhooks lists them.")
        return found

    async def listed(self, page: Paging) -> Sequence[Webhook]:
        """A page of them."""
        return (await self.session.scalars(page.applied(select(Webhook), Webhook.created_at, Webhook.id))).all()

    async def change(self, webhook_id: uuid.UUID, wanted: WebhookChange) -> Webhook:
        """Another address, other events, or a pause."""
        found = await self.find(webhook_id)
        if wanted.url is not None:
            await to_thread.run_sync(checked_url, self.settings, wanted.url)
        changes = wanted.model_dump(exclude_none=True)
        for name, value in changes.items():
            setattr(found, name, value)
        await self.session.flush()
        await self._note("change-webhook", found, changed=sorted(changes))
        return found

    async def renew(self, webhook_id: uuid.UUID) -> tuple[Webhook, str]:
        """A new secret; the old one is no longer used."""
        found = await self.find(webhook_id)
        found.salt = new_salt()
        await self.session.flush()
        await self._note("renew-webhook-secret", found)
        return found, secret_of(found.salt, self.settings.signing_key())

    async def delete(self, webhook_id: uuid.UUID) -> None:
        """It is told nothing more, and its deliveries are gone."""
        found = await self.find(webhook_id)
        await self._note("delete-webhook", found)
        await self.session.delete(found)

    async def deliveries(self, webhook_id: uuid.UUID, page: Paging) -> Sequence[Delivery]:
        """A page of what was told it, and of what is on its way."""
        await self.find(webhook_id)
        query = select(Delivery).where(Delivery.webhook_id == webhook_id)
        return (await self.session.scalars(page.applied(query, Delivery.created_at, Delivery.id))).all()

    async def test(self, webhook_id: uuid.UUID) -> Delivery:
        """A delivery that says nothing but that it arrives."""
        made = delivery(await self.find(webhook_id), Event.TEST, {"message": "If you read this, it works."})
        self.session.add(made)
        await self.session.flush()
        return made

    async def again(self, webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
        """A delivery that is tried anew, at once.

        Raises:
            NotFoundError: there is none.
        """
        query = select(Delivery).where(Delivery.webhook_id == webhook_id, Delivery.id == delivery_id)
        found = await self.session.scalar(query.with_for_update())
        if found is None:
            raise NotFoundError("there is no such delivery")
        found.state, found.attempts, found.next_at = "waiting", 0, datetime.now(UTC)
        await self.session.flush()
        return found

    async def _note(self, action: str, hook: Webhook, **details: object) -> None:
        await note(self.session, self.caller.organisation, self.caller.user, action, f"webhook:{hook.id}", **details)
