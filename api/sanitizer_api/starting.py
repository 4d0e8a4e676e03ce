"""What every command of the registry begins with: its settings, and its database."""

from __future__ import annotations

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from sanitizer_api.datasets.guard import Guard
from sanitizer_api.db import embedded, migrating
from sanitizer_api.settings import Settings
from sanitizer_api.stores.opening import store_of
from sanitizer_core.errors import SanitizerError


def settings_of() -> Settings:
    """The settings of the environment.

    Raises:
        SanitizerError: one of them is wrong.
    """
    try:
        settings = Settings()
        settings.signing_key()
        Guard.of(settings, store_of(settings).root)
    except ValidationError as error:
        found = "; ".join(f"SANITIZER_{str(each['loc'][0]).upper()}: {each['msg']}" for each in error.errors())
        raise SanitizerError(f"a setting of the registry is wrong: {found}") from None
    except ValueError as error:
        raise SanitizerError(str(error)) from None
    return settings


def address_of(settings: Settings) -> str:
    """The address of the database, which is there and has its tables; says on the standard error which it is.

    Raises:
        SanitizerError: it does not answer.
    """
    if settings.database_url is not None:
        address, shown = settings.database_url.get_secret_value(), "as DATABASE_URL says"
    else:
        folder = settings.home / "postgres"
        address, shown = embedded.start(folder), f"embedded, in {folder}"
    try:
        migrating.migrate(address)
    except OperationalError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise SanitizerError(f"the database does not answer: {said}", hint="See DATABASE_URL.") from None
    typer.echo(f"Database: {shown}", err=True)
    return address
