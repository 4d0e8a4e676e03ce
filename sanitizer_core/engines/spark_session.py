"""Sessions of Spark, classic and Connect, that mean what this project means."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sanitizer_core.errors import EngineError, MissingExtraError, SourceError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    # Decimals keep every digit, or are null.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.timeType.enabled": "true",
    # A text such as ${name} is a text.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}
"""What the lowerings for Spark rest on, set for the run's own session alone."""

_OF_THE_PROCESS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.bindAddress": "127.0.0.1",
}
"""What a Spark that this process starts for itself is started with; ``spark-submit`` and its files may say otherwise."""


@contextmanager
def spark_session(*, master: str | None = None, remote: str | None = None) -> Iterator[SparkSession]:
    """A session with the settings of this project, which is given up when the block ends.

    Args:
        master: of a Spark that runs with this process, such as ``local[2]``; else the one that runs already, or what
            ``spark-submit`` and its configuration say.
        remote: the address of a Spark Connect server, such as ``sc://host:15002``.

    Raises:
        MissingExtraError: pyspark is not installed.
        SourceError: Spark cannot be started or reached.
    """
    with _quiet(), _connected(remote) if remote else _started(master) as session:
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        yield session


@contextmanager
def _connected(remote: str) -> Iterator[SparkSession]:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
        from pyspark.sql.connect.session import SparkSession as _  # noqa: F401 - tells what of Connect is missing
    except ImportError:
        raise MissingExtraError("pyspark[connect]", "spark") from None
    try:
        session = SparkSession.builder.remote(remote).create()
        session.sql("SELECT 1").collect()
    except (PySparkException, ValueError, OSError) as error:
        shown, *parameters = remote.split(";")
        raise _unreachable(
            f"the Spark Connect server at {shown} cannot be reached", error, parameters
        ) from None  # one may be a token
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def _started(master: str | None) -> Iterator[SparkSession]:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtraError("pyspark", "spark") from None
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running.newSession()
        return
    warehouse = Path(tempfile.mkdtemp(prefix="sanitizer-spark-", dir=os.environ.get("SANITIZER_SCRATCH")))
    try:
        session = _new(SparkSession, master, warehouse)
    except (PySparkException, RuntimeError, OSError) as error:
        shutil.rmtree(warehouse, ignore_errors=True)
        raise _unreachable("Spark cannot be started", error) from None
    try:
        yield session
    finally:
        session.stop()
        shutil.rmtree(warehouse, ignore_errors=True)


def _new(kind: type[SparkSession], master: str | None, warehouse: Path) -> SparkSession:
    # Workers of another Python would refuse this one's work; the default may be any that is called python3.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = kind.builder.appName("Data Sanitizer")
    local = master is not None and master.startswith("local")
    if master is not None:
        builder = builder.master(master)
    if local:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.config("spark.sql.warehouse.dir", str(warehouse / "tables"))
        for name, value in _OF_THE_PROCESS.items():
            builder = builder.config(name, value)
    return builder.getOrCreate()


def _unreachable(what: str, error: Exception, hidden: Sequence[str] = ()) -> SourceError:
    """An error that says why, without what may be a token: Spark's own words repeat an address that it cannot read."""
    lines = str(error).strip().splitlines()
    said = lines[0] if lines else type(error).__name__
    for each in filter(None, hidden):
        said = said.replace(each, "***")
    return SourceError(
        f"{what}: {said[:300]}",
        hint="Spark needs a Java of its own (17 or 21), and an address such as --master 'local[2]' or --remote sc://host:15002.",
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warning that Spark's client gives of a pandas that nothing here uses."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
        yield


def told(error: Exception, statement: str) -> EngineError:
    """What went wrong, in Spark's first line."""
    lines = str(error).strip().splitlines()
    return EngineError(
        f"Spark could not run a statement: {lines[0] if lines else type(error).__name__}", statement=statement
    )
