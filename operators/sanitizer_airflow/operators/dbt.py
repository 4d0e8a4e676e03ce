"""Bringing a dbt project in step with the registry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from sanitizer_airflow.failures import for_airflow
from sanitizer_airflow.hooks.sanitizer import SanitizerHook

if TYPE_CHECKING:
    from airflow.sdk import Context

    from sanitizer_core.registry.client import Kind


class DbtSyncOperator(BaseOperator):
    """Brings a dbt project in step with what the registry has in production: pulls, then ``sanitizer dbt sync``.

    For a project whose files are all in its repository, a ``BashOperator`` with ``sanitizer dbt sync --check`` does.

    Args:
        project_dir: the folder of ``dbt_project.yml``; its ``sanitizer.yml`` pins the files that are pulled.
        recipes: versions in the registry (``name@version`` or ``name@label``), by the file of the project that each goes to.
        contracts: as ``recipes``.
        check: write nothing; fail when something is not in step.

    Returns, by XCom, what was done to which file.
    """

    template_fields: Sequence[str] = (
        "project_dir",
        "recipes",
        "contracts",
        "profiles_dir",
        "target",
        "sanitizer_conn_id",
    )
    template_fields_renderers = {"recipes": "json", "contracts": "json"}  # noqa: RUF012 (as in Airflow's own operators)
    ui_color = "#ffd9c7"

    def __init__(
        self,
        *,
        project_dir: str,
        recipes: dict[str, str] | None = None,
        contracts: dict[str, str] | None = None,
        check: bool = False,
        profiles_dir: str | None = None,
        target: str | None = None,
        sanitizer_conn_id: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.project_dir = project_dir
        self.recipes = recipes
        self.contracts = contracts
        self.check = check
        self.profiles_dir = profiles_dir
        self.target = target
        self.sanitizer_conn_id = sanitizer_conn_id

    def execute(self, context: Context) -> dict[str, str]:
        """Pulls what is named, and writes the project's macros anew.

        Raises:
            AirflowFailException: a pin has problems, or with ``check`` something is not in step.
            AirflowException: the registry is away.
        """
        from airflow.providers.common.compat.sdk import AirflowFailException

        with for_airflow():
            found = self._pulled("recipes", self.recipes) | self._pulled("contracts", self.contracts)
            found |= self._synced()
        if self.check and found:
            lines = [f"{path}: {state}" for path, state in found.items()]
            raise AirflowFailException("\n".join([f"{self.project_dir} is not in step with its recipes:", *lines]))
        return found

    def _pulled(self, kind: Kind, wanted: dict[str, str] | None) -> dict[str, str]:
        """Writes the versions whose meaning is not that of the file that is there; gives what is done to which file."""
        done: dict[str, str] = {}
        for file, reference in (wanted or {}).items():
            name, _, version = reference.partition("@")
            with SanitizerHook.needed(self.sanitizer_conn_id).get_conn() as registry:
                text = registry.pull(kind, name, version or "latest").text
            path = Path(self.project_dir) / file
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            done[file] = "stale" if self.check else "written"
            if not self.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return done

    def _synced(self) -> dict[str, str]:
        from sanitizer_core.dbt.asking import Dbt
        from sanitizer_core.dbt.relations import columns_through
        from sanitizer_core.dbt.sync import compare, locked_columns, wanted, write

        project = Path(self.project_dir)
        profiles = Path(self.profiles_dir) if self.profiles_dir else None
        ask = locked_columns(project) if self.check else columns_through(Dbt(project, profiles, self.target))
        aim = wanted(project, ask)
        return dict(compare(project, aim) if self.check else write(project, aim))
