"""The report as a person meets it: its structure for a screen reader, and its look in a real browser."""

from __future__ import annotations

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sanitizer_core.pipeline.running import run
from sanitizer_core.recipe import Recipe

ROWS = "\n".join(
    f"{number}, name {number % 7} ,{number * 3 % 50},{'' if number % 9 == 0 else 'x'}" for number in range(300)
)

RECIPE = """
name: "<b>sites</b> & more"
steps:
  - {op: clean_text, params: {columns: [name]}}
  - {op: handle_outliers, params: {columns: [amount]}}
  - {op: handle_missing, params: {columns: [mark], strategy: constant, value: '?'}}
  - {op: remove_duplicates, params: {columns: [name, amount]}}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    (folder / "in.csv").write_text(
        f"id,name,amount,mark\n300, <script>alert(1)</script>,9999,\n{ROWS}\n", encoding="utf-8"
    )
    run(folder / "in.csv", Recipe.loads(RECIPE), folder / "out.parquet")
    return folder / "out.run" / "report.html"


class Structure(HTMLParser):
    """What a screen reader goes by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.unnamed: list[str] = []
        self.tables = self.captions = 0
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        self.ids += [told["id"]] if told.get("id") else []  # type: ignore[list-item]
        self.targets += [str(told["href"])[1:]] if str(told.get("href", "")).startswith("#") else []
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.scripts += tag == "script"
        if tag == "svg" and not (told.get("role") == "img" and told.get("aria-label")):
            self.unnamed.append(str(attrs))
        if tag == "th" and not told.get("scope"):
            self.unnamed.append(str(attrs))


def test_the_structure_is_right_for_a_screen_reader(page: Path) -> None:
    found = Structure(page.read_text(encoding="utf-8"))
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert len(found.ids) == len(set(found.ids))
    assert set(found.targets) <= set(found.ids)
    assert found.tables == found.captions > 4
    assert found.unnamed == []


def test_what_the_data_says_is_text_and_never_markup(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert Structure(text).scripts == 0
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;sites&lt;/b&gt; &amp; more" in text


def browser(*words: str, folder: Path) -> str:
    """Runs a real Chromium without a window and gives what it prints."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "Chromium is not installed: see .ci/browser"
    quiet = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars"
    command = [program, "--headless", *quiet.split(), f"--user-data-dir={folder / 'profile'}", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.browser
def test_it_is_drawn_in_light_and_in_dark(page: Path, tmp_path: Path) -> None:
    shots = {}
    for scheme, setting in (("light", "1"), ("dark", "0")):
        shots[scheme] = tmp_path / f"{scheme}.png"
        scheme_flag = f"--blink-settings=preferredColorScheme={setting}"
        browser(scheme_flag, "--window-size=1000,900", f"--screenshot={shots[scheme]}", page.as_uri(), folder=tmp_path)
    sizes = {scheme: shot.stat().st_size for scheme, shot in shots.items()}
    assert min(sizes.values()) > 20_000
    assert shots["light"].read_bytes() != shots["dark"].read_bytes()


@pytest.mark.browser
def test_it_fits_a_narrow_window(page: Path, tmp_path: Path) -> None:
    measured = page.read_text(encoding="utf-8").replace(
        "</body>", "<script>document.title = `${document.documentElement.scrollWidth} of ${innerWidth}`</script></body>"
    )
    copy = tmp_path / "measured.html"
    copy.write_text(measured, encoding="utf-8")
    shown = browser("--window-size=600,900", "--dump-dom", copy.as_uri(), folder=tmp_path)
    width, window = shown.split("<title>")[1].split("</title>")[0].split(" of ")
    assert int(width) <= int(window)
