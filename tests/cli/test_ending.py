"""How a command ends its process."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys, threading
from sanitizer_core.cli import main

class Held:
    def __del__(self):
        print("taken apart")

held = Held()
atexit.register(print, "tidied up")
{before}
sys.argv = ["sanitizer", *{words!r}]
main()
"""
GOING_ON = "threading.Thread(target=lambda: threading.main_thread().join() or print('gone on')).start()"


def ended(words: list[str], before: str = "") -> tuple[int, list[str], str]:
    program = PROGRAM.format(words=words, before=before)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout.splitlines()[-3:], ran.stderr


@pytest.mark.parametrize(
    ("words", "code", "complaint"), [(["ops"], 0, ""), (["recipe", "digest", "nowhere.yaml"], 3, "nowhere.yaml")]
)
def test_all_that_was_said_is_handed_on_and_nothing_is_taken_apart(words: list[str], code: int, complaint: str) -> None:
    returned, said, complained = ended(words)
    assert (returned, said[-1]) == (code, "tidied up")
    assert complaint in complained


def test_what_still_goes_on_is_waited_for() -> None:
    assert ended(["ops"], GOING_ON)[:2] == (0, ["gone on", "tidied up", "taken apart"])
