"""``sanitizer serve``: all that a newcomer types."""

from __future__ import annotations

import asyncio
import gc
import signal
from functools import partial
from types import FrameType
from typing import Annotated

import typer
import uvicorn

from sanitizer_api import logs
from sanitizer_api.app import create_app
from sanitizer_api.starting import address_of, settings_of
from sanitizer_api.worker.working import work, work_until


def serve_command(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port to listen on.")] = 8765,
    jobs: Annotated[
        int,
        typer.Option(min=0, max=64, help="How many jobs to carry out at once; 0 leaves them to `sanitizer worker`."),
    ] = 1,
) -> None:
    """Serve the registry; without DATABASE_URL, on a PostgreSQL of its own. It carries out jobs, too.

    Exit codes: 0 stopped, 3 could not start.
    """
    settings = settings_of()
    address = address_of(settings)
    logs.configure()
    typer.echo(f"API: http://{host}:{port}/api/v1 (its description: /api/v1/openapi.json)", err=True)
    # Uvicorn ends as the signal says once it has shut down; as it is, that would leave PostgreSQL running.
    signal.signal(signal.SIGTERM, _leave)
    app = create_app(settings, address, partial(work_until, settings, address, jobs) if jobs else None)
    gc.freeze()  # What the server is made of stays: it need not be looked through for garbage again and again.
    uvicorn.run(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False, ws="websockets-sansio"
    )


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def worker_command(
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many jobs to carry out at once.")] = 1,
) -> None:
    """Carry out the jobs of the registry; any number of workers may run, here and elsewhere.

    Without DATABASE_URL it shares the PostgreSQL of `sanitizer serve`. Told to stop (Ctrl-C, SIGTERM), it ends its jobs
    first, for as long as SANITIZER_WORKER_GRACE_SECONDS; told again, at once.

    Exit codes: 0 stopped, 3 could not start.
    """
    settings = settings_of()
    address = address_of(settings)
    logs.configure()
    typer.echo(f"Worker: {jobs} at once; stop it with Ctrl-C", err=True)
    asyncio.run(work(settings, address, jobs))
