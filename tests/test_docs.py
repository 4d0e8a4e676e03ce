"""The examples in the documentation are run, and what a page says they print is what they print.

A fenced block with a title (```` ```yaml title="recipe.yaml" ````) is a file; ``console`` blocks hold commands behind
``$`` and, below each, its output, in which ``...`` stands for anything; ``python`` blocks are programs. The blocks
of a page share a folder, in the order of the page. ``<!-- exit: 1 -->`` in front of a console block says with what its
commands end, and ``<!-- not run: why -->`` keeps a block from being run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

BLOCK = re.compile(
    r"(?:^ *<!-- (?P<note>[^>]+) -->\n+)?^ *(?P<fence>```+)(?P<language>\w+)(?P<rest>[^\n]*)\n(?P<body>.*?)^ *(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    title: str | None
    body: str
    note: str

    @property
    def exit_code(self) -> int:
        return int(self.note.removeprefix("exit:")) if self.note.startswith("exit:") else 0


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order, without those that are not to be run."""
    found = []
    for match in BLOCK.finditer(page.read_text()):
        title = TITLE.search(match["rest"])
        found.append(
            Block(match["language"], title and title[1], textwrap.dedent(match["body"]), (match["note"] or "").strip())
        )
    return [block for block in found if not block.note.startswith("not run:")]


def commands(body: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output below it; a ``\\`` at the end continues a command."""
    parts = re.split(r"^\$ ", body.replace("\\\n", " "), flags=re.MULTILINE)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def fits(shown: str, printed: str) -> bool:
    """Whether an output is as shown, but for white space and what ``...`` stands for."""
    words = [".*".join(re.escape(piece) for piece in word.split("...")) for word in shown.split()]
    return re.fullmatch(r"\s+".join(words).replace(r"\s+.*\s+", r"\s.*"), printed.strip(), re.DOTALL) is not None


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A shell command in a folder, with the project's own programs first in the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONWARNINGS": "error"}
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, text=True, stdout=-1, stderr=subprocess.STDOUT, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "$WAREHOUSE" in page.read_text():
        monkeypatch.setenv("WAREHOUSE", request.getfixturevalue("postgres"))
    for block in blocks(page):
        if block.title:
            target = tmp_path / block.title
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body)
        elif block.language == "console":
            for command, shown in commands(block.body):
                ended = run(command, tmp_path)
                assert ended.returncode == block.exit_code, f"$ {command}\n{ended.stdout}"
                assert not shown.strip() or fits(shown, ended.stdout), f"$ {command}\n{ended.stdout}"
        elif block.language == "python":
            (tmp_path / "_example.py").write_text(block.body)
            ended = run(f"{sys.executable} _example.py", tmp_path)
            assert ended.returncode == 0, f"{block.body}\n{ended.stdout}"


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("rows 3", "rows  3\n", True),
        ("rows 3", "rows 4", False),
        ("run ... done", "run 12:00 and on\nand on done", True),
        ("took ...s", "took 0.12s", True),
        ("a ... c", "a b", False),
    ],
)
def test_an_output_is_held_against_what_is_shown(shown: str, printed: str, expected: bool) -> None:
    assert fits(shown, printed) is expected
