"""How often somebody may ask."""

from __future__ import annotations

import time

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string

from sanitizer_api.problems import TooManyRequestsError
from sanitizer_api.settings import Settings


class Rates:
    """Counts requests per token and logins per address, over a moving window.

    Logins are counted one by one. Requests are many, so of the window before only the number is kept, of which as large a
    share counts as the window still covers.
    """

    def __init__(self, settings: Settings) -> None:
        address = settings.rate_storage
        storage = storage_from_string(address if "+" in address else f"async+{address}")
        assert isinstance(storage, Storage)
        self._each, self._counted = MovingWindowRateLimiter(storage), SlidingWindowCounterRateLimiter(storage)
        self._logins = parse(settings.login_rate)
        self._requests = parse(settings.request_rate)

    async def count_login(self, request: Request) -> None:
        """Counts a login or a registration of the request's address.

        Raises:
            TooManyRequestsError: there were too many.
        """
        await self._count(self._each, self._logins, "login", request.client.host if request.client else "unknown")

    async def count_request(self, request: Request, caller: str) -> None:
        """Counts a request of a login or token (see ``count_login``)."""
        await self._count(self._counted, self._requests, "request", caller)

    async def _count(self, limiter: RateLimiter, rate: RateLimitItem, what: str, who: str) -> None:
        if await limiter.hit(rate, what, who):
            return
        window = await limiter.get_window_stats(rate, what, who)
        wait = max(1, int(window.reset_time - time.time()) + 1)
        raise TooManyRequestsError(f"more than {rate} {what}s", headers={"Retry-After": str(wait)})
