"""How much of what Spark does now is done, by its tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.shell.progress import ProgressHandler


def progress_of(session: SparkSession) -> Callable[[], float]:
    """A function that any thread may ask: 0 to 100, or below 0 when nothing runs or nobody knows."""
    if hasattr(session, "_jsparkSession"):
        return _asked(session)
    heard = _Heard()
    session.registerProgressHandler(cast("ProgressHandler", heard))
    return lambda: heard.percent


def _asked(session: SparkSession) -> Callable[[], float]:
    """A Spark of this process is asked for the jobs that it works on."""
    from py4j.protocol import Py4JError

    tracker = session.sparkContext.statusTracker()

    def percent() -> float:
        try:
            jobs = [tracker.getJobInfo(each) for each in tracker.getActiveJobsIds()]
            stages = {stage for job in jobs if job is not None for stage in job.stageIds}
            known = [info for stage in stages if (info := tracker.getStageInfo(stage)) is not None]
        except Py4JError:  # It is being stopped.
            return -1.0
        return _share((each.numCompletedTasks, each.numTasks) for each in known)

    return percent


class _Heard:
    """What a server of Spark Connect tells of the statement that it works on."""

    def __init__(self) -> None:
        self.percent = -1.0

    def __call__(self, stages: Iterable[Any] | None, inflight_tasks: int, operation_id: str | None, done: bool) -> None:
        told = [] if done else [(each.num_completed_tasks, each.num_tasks) for each in stages or ()]
        self.percent = _share(told)


def _share(stages: Iterable[tuple[int, int]]) -> float:
    """The tasks that are done, of all tasks of the stages."""
    counts = list(stages)
    whole = sum(tasks for _, tasks in counts)
    return 100 * sum(done for done, _ in counts) / whole if whole else -1.0
