"""``sanitizer recipe|contract publish|pull``: the same for both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanitizer_core.cli.console import say, say_json, warn
from sanitizer_core.errors import RegistryError, SinkError, Where

if TYPE_CHECKING:
    from sanitizer_core.registry.client import Kind

RegistryOption = Annotated[
    str | None, typer.Option("--registry", envvar="SANITIZER_REGISTRY", help="The address of the registry.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def add_publishing(app: typer.Typer, kind: Kind) -> None:
    """Gives the commands of a kind ``publish`` and ``pull``."""
    one = kind.removesuffix("s")
    app.command("publish", help=f"Publish a {one}; a version that means the same is there only once.")(_publish(kind))
    app.command("pull", help=f"Get a {one} by its number, by a label, or the latest.")(_pull(kind))


def _publish(kind: Kind) -> Callable[..., None]:
    def publish(
        file: Annotated[Path, typer.Argument(help="The file (YAML or JSON).")],
        registry: RegistryOption = None,
        note: Annotated[str | None, typer.Option(help="What is new.")] = None,
        following: Annotated[bool, typer.Option("--next", help="Take the next free number.")] = False,
        label: Annotated[list[str] | None, typer.Option(help="A label to put at the version.")] = None,
        as_json: JsonOption = False,
    ) -> None:
        from sanitizer_core.document import read_document
        from sanitizer_core.registry import Registry

        read_document(file)  # A file that cannot be read is told as one, with its line.
        with Registry.connect(registry) as opened:
            version = opened.publish(kind, file.read_text(encoding="utf-8"), note=note, following=following)
            for each in label or ():
                opened.label(kind, version.name, each, version.number)
        if as_json:
            say_json({"name": version.name, "version": version.number, "digest": version.digest})
        else:
            say(
                f"{version.name}@{version.number} ({version.digest[:12]}), labels: {', '.join(label or ()) or 'none moved'}"
            )

    return publish


def _pull(kind: Kind) -> Callable[..., None]:
    def pull(
        name: Annotated[str, typer.Argument(help="NAME, NAME@3, or NAME@production.")],
        output: Annotated[
            Path | None, typer.Option("--output", "-o", help="Where it goes; else it is printed.")
        ] = None,
        registry: RegistryOption = None,
    ) -> None:
        from sanitizer_core.registry import Registry

        if not name or name.startswith("@"):
            raise RegistryError(f"{name!r} is no name", hint="Write NAME, NAME@3, or NAME@production.")
        base, _, reference = name.partition("@")
        with Registry.connect(registry) as opened:
            version = opened.pull(kind, base, reference or "latest")
        if version.deprecated_why is not None:
            warn(f"{base}@{version.number} is deprecated: {version.deprecated_why}")
        if output is None:
            typer.echo(version.text, nl=False)
            return
        _write(output, version.text)
        say(f"{output}: {base}@{version.number} ({version.digest[:12]})")

    return pull


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SinkError(f"cannot be written: {error.strerror}", where=Where(file=str(path))) from None
