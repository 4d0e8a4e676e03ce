"""The registry, as a connection of Airflow names it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook

from sanitizer_airflow.provider import CONNECTION_TYPE
from sanitizer_airflow.settings import setting

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from sanitizer_core.lineage import Parent
    from sanitizer_core.record import RunRecord
    from sanitizer_core.registry import JobStatus, Registry

TIMEOUT = 10.0


class SanitizerHook(BaseHook):
    """A registry: its URL, a token, and the organisation that the token has to be of.

    Args:
        sanitizer_conn_id: the connection, of type ``sanitizer``.
    """

    conn_name_attr = "sanitizer_conn_id"
    default_conn_name = "sanitizer_default"
    conn_type = CONNECTION_TYPE
    hook_name = "Data Sanitizer registry"

    def __init__(self, sanitizer_conn_id: str = default_conn_name, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sanitizer_conn_id = sanitizer_conn_id

    @classmethod
    def named(cls, conn_id: str | None) -> SanitizerHook | None:
        """The hook of a connection, else of the one that ``[sanitizer] conn_id`` names; ``None`` where none is named."""
        chosen = conn_id or setting("conn_id")
        return cls(chosen) if chosen else None

    @classmethod
    def needed(cls, conn_id: str | None) -> SanitizerHook:
        """As ``named``.

        Raises:
            RegistryError: none is named.
        """
        from sanitizer_core.errors import RegistryError

        hook = cls.named(conn_id)
        if hook is None:
            raise RegistryError(
                "the task asks a registry, and none is named",
                hint="Give sanitizer_conn_id, or set conn_id in the section [sanitizer] of Airflow's configuration.",
            )
        return hook

    @cached_property
    def connection(self) -> Connection:
        """The connection."""
        found: Connection = self.get_connection(self.sanitizer_conn_id)
        return found

    @property
    def address(self) -> str:
        """The registry's address, without a slash at its end."""
        from sanitizer_core.errors import RegistryError

        if not self.connection.host:
            raise RegistryError(
                f"the connection {self.sanitizer_conn_id!r} names no registry",
                hint="Set its host to an address such as http://127.0.0.1:8765.",
            )
        return _address(self.connection)

    def get_conn(self) -> Registry:
        """The registry; use it in a ``with`` block.

        Raises:
            RegistryError: the connection names none.
        """
        from sanitizer_core.registry import Registry
        from sanitizer_core.registry.transport import Transport

        timeout = float(self.connection.extra_dejson.get("timeout") or TIMEOUT)
        return Registry(Transport(self.address, self.connection.password, timeout=timeout))

    def report(self, record: RunRecord, parent: Parent | None = None) -> None:
        """Reports a run. Whatever comes of it, the run is what it is: what cannot be delivered waits on disk.

        Args:
            parent: the task's own run in the words of lineage.
        """
        from sanitizer_core.errors import SanitizerError
        from sanitizer_core.registry import report_run

        try:
            with self.get_conn() as registry:
                note = report_run(registry, record, parent)
        except (SanitizerError, OSError) as error:
            note = f"the run was not reported: {error}"
        if note is not None:
            self.log.warning("%s (connection %r)", note, self.sanitizer_conn_id)

    def run(self, run_id: str) -> RunRecord:
        """The record of a run."""
        with self.get_conn() as registry:
            return registry.run(run_id)

    def anomalies(self, run_id: str) -> list[str]:
        """What is unusual about a run's scores, a sentence each.

        Raises:
            RegistryError: the registry does not know the run, and so cannot say.
        """
        with self.get_conn() as registry:
            registry.run(run_id)
            found = list(registry.anomalies(run_id=run_id))
        return [
            f"{each.dimension} {each.moment} cleaning is {each.value:.2f}, which is unusual (z = {each.z:.1f})"
            for each in found
        ]

    def ask(self, wanted: Mapping[str, Any], *, key: str) -> JobStatus:
        """A job for the registry's workers; the same key and request give the same job."""
        with self.get_conn() as registry:
            return registry.ask(wanted, key=key)

    def job(self, job_id: str) -> JobStatus:
        """A job, as it is now."""
        with self.get_conn() as registry:
            return registry.job(job_id)

    def cancel(self, job_id: str) -> None:
        """Cancels a job; it stops where it is and leaves nothing half-written."""
        with self.get_conn() as registry:
            self.log.info("job %s is to be cancelled: it is %s", job_id, registry.cancel(job_id).state)

    def wait(self, job_id: str, poll_interval: float) -> JobStatus:
        """A job, once it is over. A registry that is away for a while ends nothing."""
        from sanitizer_core.errors import RegistryError

        while True:
            try:
                if (job := self.job(job_id)).is_over:
                    return job
            except RegistryError as error:
                if not error.retryable:
                    raise
                self.log.warning("%s", error)
            time.sleep(poll_interval)

    def link(self, run_id: str) -> str:
        """Where people see a run."""
        return (setting("run_link") or "{address}/runs/{run_id}").format(address=self.address, run_id=run_id)

    def test_connection(self) -> tuple[bool, str]:
        """Whether the registry answers, knows the token, and has it in the organisation that was named."""
        from sanitizer_core.errors import SanitizerError

        try:
            with self.get_conn() as registry:
                me = registry.me()
        except SanitizerError as error:
            return False, str(error)
        wanted = self.connection.extra_dejson.get("organisation")
        if wanted and wanted not in (me.organisation.name, me.organisation.id):
            return False, f"the token is of the organisation {me.organisation.name!r}, not of {wanted!r}"
        return True, f"{self.address} knows the token: {me.role} of {me.organisation.name}"


def _address(connection: Connection) -> str:
    """The host as people write it: a whole address, or the parts that a connection's URI was taken apart into."""
    host = str(connection.host).rstrip("/")
    if "://" in host:
        return host
    scheme = connection.schema or "http"
    return f"{scheme}://{host}:{connection.port}" if connection.port else f"{scheme}://{host}"
