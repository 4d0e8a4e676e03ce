"""Readers: everything that a run can take its rows from."""

from sanitizer_core.sources.opened import Opened as Opened
from sanitizer_core.sources.opened import load as load
from sanitizer_core.sources.opening import open_source as open_source
from sanitizer_core.sources.options import ReadOptions as ReadOptions
