"""``sanitizer registry``: what whoever runs a registry does from time to time."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Annotated

import typer
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from sanitizer_api.db.engine import Database
from sanitizer_api.identity.models import Organisation
from sanitizer_api.quotas.counting import What
from sanitizer_api.quotas.models import Quota
from sanitizer_api.retention.purging import Purge
from sanitizer_api.settings import Settings
from sanitizer_api.starting import address_of, settings_of
from sanitizer_api.stores.opening import store_of
from sanitizer_core.errors import SanitizerError

registry_commands = typer.Typer(
    name="registry", help="Look after a registry: run it where the registry runs, with its settings.",
    no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip


@registry_commands.command("purge")
def purge_command() -> None:
    """Take away what has been kept long enough: workers do so once an hour; without a worker, do it by cron.

    Prints how many of what went, as JSON.

    Exit codes: 0 done, 3 could not run.
    """
    settings = settings_of()
    typer.echo(json.dumps(asyncio.run(_purged(settings, address_of(settings)))))


@registry_commands.command("quota")
def quota_command(
    organisation: Annotated[uuid.UUID, typer.Argument(help="The id of the organisation.")],
    what: Annotated[What, typer.Argument(help="storage (bytes), jobs (at once) or rows (a day).")],
    allowed: Annotated[str, typer.Argument(help="How much; 'unlimited', or 'default' for what the settings say.")],
) -> None:
    """Set what one organisation is allowed, where it is not what the settings say for all.

    Exit codes: 0 done, 3 could not run.
    """
    if allowed not in ("unlimited", "default") and not allowed.isdecimal():
        raise SanitizerError(f"{allowed!r} is no amount", hint="Give a whole number, 'unlimited' or 'default'.")
    settings = settings_of()
    asyncio.run(_allow(settings, address_of(settings), organisation, what, allowed))


async def _purged(settings: Settings, address: str) -> dict[str, int]:
    database = Database.of(address, settings)
    try:
        return dict(await Purge(database, settings, store_of(settings)).all())
    finally:
        await database.close()


async def _allow(settings: Settings, address: str, organisation: uuid.UUID, what: What, allowed: str) -> None:
    """As the database's own user: requests may not."""
    database = Database.of(address, settings)
    number = int(allowed) if allowed.isdecimal() else None
    row = {"organisation_id": organisation, "what": what}
    set_ = insert(Quota).values(id=uuid.uuid4(), allowed=number, **row)
    change = set_.on_conflict_do_update(index_elements=list(row), set_={"allowed": number})
    try:
        async with database.engine.begin() as connection:
            whose = func.set_config("sanitizer.organisation", str(organisation), True)
            await connection.execute(select(whose))
            if await connection.scalar(select(Organisation.id).where(Organisation.id == organisation)) is None:
                raise SanitizerError(f"there is no organisation {organisation}", hint="GET /api/v1/me tells its id.")
            table = Quota.__table__
            remove = table.delete().where(table.c.organisation_id == organisation, table.c.what == what)  # type: ignore[attr-defined]
            await connection.execute(remove if allowed == "default" else change)
    finally:
        await database.close()
