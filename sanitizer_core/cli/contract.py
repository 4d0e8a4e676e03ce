"""``sanitizer contract infer|dbt``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanitizer_core.cli.console import plural, say
from sanitizer_core.cli.publishing import add_publishing

app = typer.Typer(help="Make contracts.", no_args_is_help=True, rich_markup_mode=None)
add_publishing(app, "contracts")


@app.callback()
def _root() -> None:
    """Make contracts."""


@app.command("infer")
def infer(
    source: Annotated[str, typer.Argument(help="A table that is as it should be.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the contract goes (YAML).")],
    name: Annotated[str | None, typer.Option(help="The contract's name; else the file's.")] = None,
) -> None:
    """Propose a contract from a table: types, ranges, allowed values; read it before you rely on it."""
    from sanitizer_core.pipeline.contracts import infer_from

    contract = infer_from(source, name or output.name.split(".")[0])
    contract.dump(output)
    say(f"{output}: contract {contract.name} v{contract.version}; read it before you rely on it")


@app.command("dbt")
def dbt(
    contract: Annotated[Path, typer.Argument(help="A contract.")],
    model: Annotated[str, typer.Option(help="The model's name in dbt.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A schema.yml, whose other models stay (comments do not).")
    ] = None,
    adapter: Annotated[str, typer.Option(help="Whose column types: duckdb, postgres, snowflake, ...")] = "duckdb",
    plain: Annotated[bool, typer.Option(help="Say by dbt's own tests what those can say.")] = True,
) -> None:
    """Write CONTRACT in dbt's words: column types, tests, and an enforced contract where it names every column."""
    from sanitizer_core.contract import Contract
    from sanitizer_core.dbt.schema_yml import model_of, put_into
    from sanitizer_core.pipeline.compiling import check_dialect

    check_dialect(adapter)
    entry = model_of(Contract.load(contract), model, adapter, plain=plain)
    text = put_into(output, entry)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    say(f"{output}: {model}, {plural(len(entry['columns']), 'column')}")
