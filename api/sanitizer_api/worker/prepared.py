"""What every job would make anew in its process, made once by importing this in the one that they are forked from."""

from __future__ import annotations

from sanitizer_core import report

report.prepare()
