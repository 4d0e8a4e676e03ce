"""From the errors of the core to those by which Airflow decides about a retry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException


class TaskKilledError(BaseException):
    """The task was stopped from outside; nothing between may take it for a failure that it can mend."""


@contextmanager
def for_airflow() -> Iterator[None]:
    """A block whose errors fail the task with what to do; it is tried again only where that can help.

    Raises:
        AirflowFailException: the same input and recipe would fail in the same way.
        AirflowException: a retry can help: a lost connection, a lock, a full disk.
    """
    from sanitizer_core.errors import SanitizerError

    try:
        yield
    except SanitizerError as error:
        kind = AirflowException if error.retryable or _disk_is_full(error) else AirflowFailException
        raise kind(str(error)) from None
    except OSError as error:
        raise AirflowException(f"{error.strerror or error}: {error.filename or 'see the log'}") from error


def _disk_is_full(error: BaseException) -> bool:
    return "No space left on device" in str(error)
