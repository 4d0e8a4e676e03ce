"""The data and the dbt project of the showcase, put into a folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import yaml

from showcase.processes import Processes, program

ROOT = Path(__file__).parents[1]
DBT_PACKAGE = ROOT / "dbt_project"
DAGS = ROOT / "dags"


@dataclass(frozen=True)
class Prepared:
    """Where everything of the pipeline is."""

    source: Path
    warehouse: Path
    dbt: Path
    recipe: str
    contract: str

    def params(self) -> dict[str, str]:
        """What the DAG is told."""
        told = {"source": self.source, "warehouse": self.warehouse, "project": self.dbt}
        return {key: str(value) for key, value in told.items()} | {
            "table": "sites",
            "recipe": "chicago_sites@production",
        }


def prepare(folder: Path) -> Prepared:
    """Writes the dirty file and the dbt project; what a former showcase built in the warehouse stays until it is built anew."""
    folder = folder.resolve()
    dbt = folder / "dbt"
    shutil.copytree(Path(__file__).with_name("project"), dbt, dirs_exist_ok=True)
    with as_file(files("sanitizer_core") / "demo") as shipped:
        shutil.copyfile(shipped / "sites.csv", folder / "sites.csv")
        recipe = (shipped / "recipe.yaml").read_text(encoding="utf-8")
        contract = (shipped / "contract.yaml").read_text(encoding="utf-8")
    warehouse = folder / "warehouse.duckdb"
    output = {"type": "duckdb", "path": str(warehouse), "threads": 1}
    _dump(dbt / "profiles.yml", {"sites": {"target": "demo", "outputs": {"demo": output}}})
    _dump(dbt / "packages.yml", {"packages": [{"local": str(DBT_PACKAGE)}]})
    return Prepared(folder / "sites.csv", warehouse, dbt, recipe, contract)


def sync(prepared: Prepared, processes: Processes) -> None:
    """Compiles what the dbt project pins into its macros."""
    processes.run("sanitizer dbt sync", program("sanitizer"), "dbt", "sync", cwd=prepared.dbt)


def _dump(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
