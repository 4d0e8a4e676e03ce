"""A run's folder appears whole or not at all, and never in the place of something else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sanitizer_core.errors import SinkError
from sanitizer_core.sinks import artifact_folder


def run(folder: Path, content: str = "{}") -> None:
    with artifact_folder(folder) as staged:
        assert not (folder / "new.txt").exists()
        (staged / "run.json").write_text(content)
        (staged / "deep").mkdir()
        (staged / "deep" / "new.txt").write_text(content)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_appears_with_all_in_it(tmp_path: Path) -> None:
    run(tmp_path / "a" / "run")
    assert tree(tmp_path) == ["a", "a/run", "a/run/deep", "a/run/deep/new.txt", "a/run/run.json"]


def test_earlier_run_is_replaced_whole(tmp_path: Path) -> None:
    run(tmp_path / "run")
    (tmp_path / "run" / "old.txt").touch()
    run(tmp_path / "run", "second")
    assert tree(tmp_path) == ["run", "run/deep", "run/deep/new.txt", "run/run.json"]
    assert (tmp_path / "run" / "run.json").read_text() == "second"


def half_a_run(folder: Path, error: BaseException) -> None:
    with artifact_folder(folder) as staged:
        (staged / "half.parquet").touch()
        raise error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError(), ValueError),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (OSError(28, "No space left on device"), SinkError),
        # What fails for another file speaks for itself.
        (FileNotFoundError(2, "No such file", "input.csv"), FileNotFoundError),
    ],
)
def test_failure_leaves_what_was(tmp_path: Path, error: BaseException, expected: type[BaseException]) -> None:
    run(tmp_path / "run")
    for folder in (tmp_path / "run", tmp_path / "new" / "run"):
        with pytest.raises(expected):
            half_a_run(folder, error)
    assert tree(tmp_path) == ["run", "run/deep", "run/deep/new.txt", "run/run.json"]


def test_something_else_is_never_replaced(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").touch()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(precious)
    for folder, said in (
        (precious, "holds something else than a run"),
        (tmp_path / "file", "is no folder"),
        (tmp_path / "link", "is no folder"),
    ):
        with pytest.raises(SinkError, match=said), artifact_folder(folder):
            pytest.fail("nothing may be computed for a folder that cannot be written")
    for text in ("-", "a.duckdb"):
        with pytest.raises(SinkError, match="is no folder"), artifact_folder(text):
            pytest.fail("nothing may be computed for what is no folder")
    assert tree(tmp_path) == ["file", "link", "precious", "precious/thesis.txt"]


def a_run_while_another_takes_its_place(folder: Path) -> None:
    with artifact_folder(folder) as staged:
        (staged / "run.json").touch()
        folder.mkdir()
        (folder / "other.txt").touch()


def test_something_else_that_came_meanwhile_is_kept(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="something else"):
        a_run_while_another_takes_its_place(tmp_path / "run")
    assert tree(tmp_path) == ["run", "run/other.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    run(tmp_path / "run")
    assert "run/run.json" in tree(tmp_path)


def test_a_killed_run_has_no_folder(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom sanitizer_core.sinks import artifact_folder\n"
        "with artifact_folder(sys.argv[1]) as staged:\n"
        "    (staged / 'run.json').touch()\n    print('half', flush=True)\n    time.sleep(60)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "run")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
    assert not (tmp_path / "run").exists()
