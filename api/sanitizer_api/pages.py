"""Lists in pages: newest first, each page continued by the cursor that the one before gave."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import Select, SQLColumnExpression, tuple_

from sanitizer_api.problems import ApiError

T = TypeVar("T")
MOST = 200


class Page(BaseModel, Generic[T]):
    """A page of a list.

    Args:
        next: the cursor of the page after it; ``None`` on the last.
    """

    items: list[T]
    next: str | None = None


class Paging(BaseModel):
    """How much of a list is wanted, and from where on."""

    limit: int = 50
    cursor: str | None = None

    def after(self) -> tuple[datetime, UUID] | None:
        """What the cursor stands for.

        Raises:
            ApiError: it is none of ours.
        """
        if self.cursor is None:
            return None
        try:
            moment, key = json.loads(base64.urlsafe_b64decode(self.cursor.encode()))
            return datetime.fromisoformat(moment), UUID(key)
        except (ValueError, TypeError, binascii.Error):
            raise ApiError("the cursor is none that a list gave", hint="Begin again without 'cursor'.") from None

    def applied(
        self,
        query: Select[Any],
        moment: SQLColumnExpression[Any],
        key: SQLColumnExpression[Any],
        *,
        oldest_first: bool = False,
    ) -> Select[Any]:
        """The query for this page, with one row more than it holds, which tells that there is a next."""
        order = (moment, key) if oldest_first else (moment.desc(), key.desc())
        query, after = query.order_by(*order).limit(self.limit + 1), self.after()
        if after is None:
            return query
        place = tuple_(moment, key)
        return query.where(place > after if oldest_first else place < after)

    def page(self, rows: Sequence[Any], moment: str, key: str) -> tuple[list[Any], str | None]:
        """The rows of this page, and the cursor of the next.

        Args:
            moment: the attribute that orders the rows.
            key: the attribute that tells rows of one moment apart.
        """
        kept = list(rows[: self.limit])
        if len(rows) <= self.limit:
            return kept, None
        last = [getattr(kept[-1], moment).isoformat(), str(getattr(kept[-1], key))]
        return kept, base64.urlsafe_b64encode(json.dumps(last).encode()).decode()


async def paging(
    limit: Annotated[int, Query(ge=1, le=MOST, description="The most items of a page.")] = 50,
    cursor: Annotated[str | None, Query(description="`next` of the page before.", max_length=200)] = None,
) -> Paging:
    """The query parameters of every list."""
    return Paging(limit=limit, cursor=cursor)
