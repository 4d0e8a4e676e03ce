"""Routes of webhooks."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends

from sanitizer_api.identity.caller import Administrator, OwnSession
from sanitizer_api.pages import Page, Paging, paging
from sanitizer_api.state import StateOf
from sanitizer_api.webhooks.schemas import DeliveryView, NewWebhook, WebhookChange, WebhookDraft, WebhookView
from sanitizer_api.webhooks.service import Bell

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
ListPaging = Annotated[Paging, Depends(paging)]


async def bell(session: OwnSession, known: Administrator, state: StateOf) -> Bell:
    """The webhooks of whoever may keep them."""
    return Bell(session, known, state.settings)


Webhooks = Annotated[Bell, Depends(bell)]


@router.post("", status_code=201)
async def make(wanted: WebhookDraft, webhooks: Webhooks) -> NewWebhook:
    """A program that is told what happens. The answer holds its secret, this once."""
    made, secret = await webhooks.make(wanted)
    return NewWebhook(**WebhookView.model_validate(made).model_dump(), secret=secret)


@router.get("")
async def listed(webhooks: Webhooks, page: ListPaging) -> Page[WebhookView]:
    """Webhooks, the newest first."""
    kept, following = page.page(await webhooks.listed(page), "created_at", "id")
    return Page(items=[WebhookView.model_validate(each) for each in kept], next=following)


@router.get("/{webhook_id}")
async def one(webhook_id: uuid.UUID, webhooks: Webhooks) -> WebhookView:
    """A webhook."""
    return WebhookView.model_validate(await webhooks.find(webhook_id))


@router.patch("/{webhook_id}")
async def change(webhook_id: uuid.UUID, wanted: WebhookChange, webhooks: Webhooks) -> WebhookView:
    """Gives it another address or other events, or pauses it."""
    return WebhookView.model_validate(await webhooks.change(webhook_id, wanted))


@router.delete("/{webhook_id}", status_code=204)
async def delete(webhook_id: uuid.UUID, webhooks: Webhooks) -> None:
    """Deletes it, with the log of its deliveries."""
    await webhooks.delete(webhook_id)


@router.post("/{webhook_id}/secret")
async def renew(webhook_id: uuid.UUID, webhooks: Webhooks) -> NewWebhook:
    """Gives it a new secret, which is shown this once; the old one is no longer used."""
    found, secret = await webhooks.renew(webhook_id)
    return NewWebhook(**WebhookView.model_validate(found).model_dump(), secret=secret)


@router.post("/{webhook_id}/test", status_code=202)
async def test(webhook_id: uuid.UUID, webhooks: Webhooks) -> DeliveryView:
    """Sends it something of the kind `test`; see its deliveries for what came of it."""
    return DeliveryView.model_validate(await webhooks.test(webhook_id))


@router.get("/{webhook_id}/deliveries")
async def deliveries(webhook_id: uuid.UUID, webhooks: Webhooks, page: ListPaging) -> Page[DeliveryView]:
    """What was told it and what is on its way, with every attempt, the newest first."""
    kept, following = page.page(await webhooks.deliveries(webhook_id, page), "created_at", "id")
    return Page(items=[DeliveryView.model_validate(each) for each in kept], next=following)


@router.post("/{webhook_id}/deliveries/{delivery_id}/again", status_code=202)
async def again(webhook_id: uuid.UUID, delivery_id: uuid.UUID, webhooks: Webhooks) -> DeliveryView:
    """Tries a delivery anew."""
    return DeliveryView.model_validate(await webhooks.again(webhook_id, delivery_id))
