"""What goes in and out of the routes of webhooks."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sanitizer_api.webhooks.outbox import Event

Kinds = Annotated[list[Literal["gate.failed", "score.anomaly", "job.failed"]], Field(min_length=1, max_length=3)]


class WebhookDraft(BaseModel):
    """A webhook that is wanted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://example.com/hooks/quality", "events": ["gate.failed", "score.anomaly"]}]
        },
    )

    url: str = Field(max_length=2000, pattern=r"^https?://[^\x00-\x20]+$")
    events: Kinds = Field(default=[Event.GATE_FAILED.value, Event.ANOMALY.value, Event.JOB_FAILED.value])
    description: str | None = Field(default=None, max_length=1000, pattern=r"^[^\x00]*$")


class WebhookChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, max_length=2000, pattern=r"^https?://[^\x00-\x20]+$")
    events: Kinds | None = None
    active: bool | None = None


class WebhookView(BaseModel):
    """A webhook, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    url: str
    events: list[str]
    description: str | None
    active: bool
    created_by: uuid.UUID
    created_at: datetime


class NewWebhook(WebhookView):
    """A webhook with its secret, which is shown this once.

    Args:
        secret: what the signatures are checked with: HMAC-SHA256 under what follows `whsec_`, read as base64.
    """

    secret: str


class Attempt(BaseModel):
    """One attempt at a delivery."""

    at: datetime
    status: int | None
    error: str | None
    seconds: float


class DeliveryView(BaseModel):
    """One thing that happened, on its way to a webhook."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    event: str
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    next_at: datetime
    delivered_at: datetime | None
    created_at: datetime
    payload: dict[str, Any]
    log: list[Attempt]
