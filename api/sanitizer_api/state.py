"""What an app holds while it runs, and how a route gets at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from sanitizer_api.access import AccessTokens
from sanitizer_api.db.engine import Database
from sanitizer_api.lasting import Lasting
from sanitizer_api.metrics import Metrics
from sanitizer_api.rates import Rates
from sanitizer_api.settings import Settings
from sanitizer_api.stores.store import Store


@dataclass(frozen=True)
class State:
    """The parts that requests share."""

    settings: Settings
    database: Database
    access: AccessTokens
    rates: Rates
    metrics: Metrics
    store: Store
    lasting: Lasting = field(default_factory=Lasting)

    @cached_property
    def askers(self) -> CapacityLimiter:
        """How many questions to the files of runs are answered at once; the others wait."""
        return CapacityLimiter(self.settings.asks_at_once)


async def state_of(request: Request) -> State:
    """The state of the request's app."""
    known = request.app.state.registry
    assert isinstance(known, State)
    return known


StateOf = Annotated[State, Depends(state_of)]
