"""Stages the documentation: the pages in docs/, and the reference that is made from the code.

Run as ``python docs/generate.py FOLDER`` (see ``make docs``).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from generated import command_line, contract_engines, engines, functions, operations, schemas, settings

DOCS = Path(__file__).parent
REFERENCES = (operations, engines, functions, contract_engines, command_line, schemas, settings)


def stage(folder: Path) -> None:
    """Fill a folder, anew, with the whole documentation."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "generated", "0000-*"))
    for reference in REFERENCES:
        for name, text in reference.pages().items():
            page = folder / "reference" / name
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
