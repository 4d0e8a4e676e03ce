"""DAGs of tests, really run."""

from __future__ import annotations

import re
import textwrap
import uuid
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Ran:
    """What came of a DAG run: its state, each task's (``task`` or ``task[0]``), what they returned, and all that was said.

    Args:
        tries: how often each task was tried.
    """

    dag_id: str
    state: str
    tasks: Mapping[str, str]
    tries: Mapping[str, int]
    returned: Mapping[str, Any]
    links: Mapping[str, Any]
    events: Mapping[str, Any]
    said: str


@dataclass(frozen=True)
class Airflow:
    """An Airflow in a folder; DAGs are run in this process, as ``dag.test()`` does."""

    home: Path
    capture: pytest.CaptureFixture[str]

    def run(self, tasks: str, *, imports: str = "", files: Mapping[str, str] | None = None, **test: Any) -> Ran:
        """Runs a DAG with these tasks, written as the block below ``with DAG(...)``."""
        name = f"dag_{uuid.uuid4().hex[:8]}"
        head = f"from airflow.sdk import *\nfrom sanitizer_airflow import *\n{textwrap.dedent(imports)}\n"
        text = f"{head}\nwith DAG({name!r}, schedule=None) as dag:\n" + textwrap.indent(textwrap.dedent(tasks), "    ")
        return self.run_file(name, text, files, **test)

    def run_file(self, dag_id: str, text: str, files: Mapping[str, str] | None = None, **test: Any) -> Ran:
        """Runs the DAG of that name in a DAG file; ``files`` stand beside it."""
        path = self.home / "dags" / f"{uuid.uuid4().hex}.py"
        beside = {path.parent / name: content for name, content in (files or {}).items()}
        for each, content in {path: text, **beside}.items():
            each.write_text(content, encoding="utf-8")
        try:
            with quiet():
                return self._tested(dag_id, path, test)
        finally:
            for each in (path, *beside):
                each.unlink()

    def _tested(self, dag_id: str, path: Path, test: Mapping[str, Any]) -> Ran:
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(path)
        assert not bag.import_errors, bag.import_errors
        self.capture.readouterr()
        run = bag.dags[dag_id].test(**test)
        said = self.capture.readouterr()
        return _told(run, _COLOUR.sub("", said.out + said.err))


@contextmanager
def quiet() -> Iterator[None]:
    """A block in which Airflow's own modules may warn: that is not ours to mend."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(airflow|sqlalchemy|fastapi|starlette|pydantic|openlineage)\b")
        yield


def _told(run: Any, said: str) -> Ran:
    from airflow.models.asset import AssetEvent
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        instances = run.get_task_instances(session=session)
        tasks = {_named(each.task_id, each.map_index): str(each.state) for each in instances}
        tries = {_named(each.task_id, each.map_index): each.try_number for each in instances}
        of_run = XComModel.dag_id == run.dag_id, XComModel.run_id == run.run_id
        pushed = {
            (_named(x.task_id, x.map_index), x.key): XComModel.deserialize_value(x)
            for x in session.scalars(select(XComModel).where(*of_run))
        }
        events = session.scalars(select(AssetEvent).where(AssetEvent.source_dag_id == run.dag_id))
        extras = {event.uri: event.extra for event in events}
    returned = {task: value for (task, key), value in pushed.items() if key == "return_value"}
    links = {task: value for (task, key), value in pushed.items() if key == "_link_RunLink"}
    return Ran(run.dag_id, str(run.state), tasks, tries, returned, links, extras, said)


def _named(task: str, index: int) -> str:
    return task if index < 0 else f"{task}[{index}]"
