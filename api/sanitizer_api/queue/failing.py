"""Why an attempt failed, and whether another may go through."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import OperationalError

from sanitizer_api.problems import ApiError, ProblemDocument, core_document, document_of
from sanitizer_core.errors import SanitizerError


class FailedError(Exception):
    """An attempt failed.

    Args:
        problem: as a problem document.
        retryable: whether another attempt may go through.
    """

    def __init__(self, problem: dict[str, Any], *, retryable: bool) -> None:
        super().__init__(problem["detail"])
        self.problem = problem
        self.retryable = retryable


class ProcessDiedError(FailedError):
    """The process of an attempt ended without a word: most often, the machine had no memory left for it."""

    def __init__(self, code: int | None) -> None:
        told = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        hint = "Most often the machine has too little memory: give jobs less at once, or see SANITIZER_JOB_MEMORY."
        detail = f"the process of the job ended without an answer ({told})"
        super().__init__(_plain("process-died", "The process of the job died", detail, hint), retryable=True)


def worker_lost() -> dict[str, Any]:
    """The problem of a job whose worker died."""
    return _plain("worker-lost", "The worker of the job was lost", "its worker showed no sign of life any more", None)


def defect() -> dict[str, Any]:
    """The problem of a job that failed as nobody foresaw."""
    return _plain("defect", "The job failed", "It is a defect, and it was logged. Report it with the job's id.", None)


def unforeseen() -> FailedError:
    """The failure that stands for an error which nobody foresaw."""
    return FailedError(defect(), retryable=False)


def failure_of(error: BaseException) -> FailedError | None:
    """The failure that an error stands for; ``None`` when nobody foresaw it."""
    match error:
        case FailedError():
            return error
        case SanitizerError():
            return FailedError(_shown(core_document(error)), retryable=bool(error.retryable))
        case ApiError():
            return FailedError(_shown(document_of(error)), retryable=False)
        case OperationalError():
            detail = "the registry's database did not answer"
            return FailedError(_plain("database-away", "The database did not answer", detail, None), retryable=True)
    return None


def _plain(name: str, title: str, detail: str, hint: str | None) -> dict[str, Any]:
    return _shown(
        ProblemDocument(type=f"urn:sanitizer:problem:{name}", title=title, status=500, detail=detail, hint=hint)
    )


def _shown(document: ProblemDocument) -> dict[str, Any]:
    return document.model_dump(exclude_none=True)
