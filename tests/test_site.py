"""The documentation site: it builds without a warning, and loads nothing from another host."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
LOADED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//|<link\b[^>]*\bhref=["']?(?:https?:)?//"""
)
FROM_STYLES = re.compile(r"""(?:@import|url\()\s*["']?(?:https?:)?//""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; any warning, such as a broken link, fails the build."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(ROOT / "zensical.toml", folder)
    subprocess.run([BIN / "python", ROOT / "docs" / "generate.py", folder / "build" / "docs"], check=True)
    built = subprocess.run(
        [BIN / "zensical", "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


def files(site: Path, ending: str) -> Iterator[tuple[str, str]]:
    for path in site.rglob(f"*{ending}"):
        yield str(path.relative_to(site)), path.read_text()


def test_pages_load_nothing_from_another_host(site: Path) -> None:
    loaded = {name: LOADED.findall(text) for name, text in files(site, ".html")}
    assert loaded
    assert not {name: found for name, found in loaded.items() if found}


def test_styles_load_nothing_from_another_host(site: Path) -> None:
    assert not [name for name, text in files(site, ".css") if FROM_STYLES.search(text)]


def test_every_page_can_be_reached(site: Path) -> None:
    home = (site / "index.html").read_text()
    sections = {path.relative_to(site).parts[0] for path in site.rglob("*.html")} - {"404.html", "index.html"}
    assert not {section for section in sections if section not in home}
