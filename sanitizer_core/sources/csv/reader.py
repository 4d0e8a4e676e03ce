"""Opens a text file: surveyed, then read the quick way where that gives the same rows, else the careful way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from sanitizer_core.errors import SourceError, Where
from sanitizer_core.schema import TEXT, Schema
from sanitizer_core.sources.csv.careful import Copy, copy_rows, well_formed
from sanitizer_core.sources.csv.encoding import Doubtful
from sanitizer_core.sources.csv.quick import Disagreement, buffer_of, drop_tables, is_quick, rejected_rows, skipped
from sanitizer_core.sources.csv.rejected import Rejected, rejected_row
from sanitizer_core.sources.csv.scan import USUAL_LONGEST, RejectTables, scan
from sanitizer_core.sources.csv.survey import Survey, survey
from sanitizer_core.sources.opened import Opened
from sanitizer_core.sources.options import ReadOptions
from sanitizer_core.sources.spool import scratch_file
from sanitizer_core.sources.views import create_view, drop_view, new_name


def open_text(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    options: ReadOptions,
    scratch: Path,
    *,
    shown: str | None = None,
) -> Opened:
    """Open a file of separated values, whatever separates them.

    Every column is text. An empty field is null, every other cell is the text of its field. What cannot be parted
    into a row is rejected, with its line, its text and the reason. Read it through :func:`opened.load`.

    Args:
        path: the file; gzip and zstd are unpacked into the scratch folder.
        shown: the address for people.

    Raises:
        SourceError: there is no table in it, or (once it is read) ``strict`` was asked for and a row is rejected.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    return Reading(path, connection, options, scratch, shown or str(path)).open()


@dataclass(frozen=True)
class Reading:
    """One reading of one file; see :func:`open_text`."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    options: ReadOptions
    scratch: Path
    shown: str

    def open(self) -> Opened:
        """The file, read the quick way where that will do."""
        found = survey(self.path, self.options, self.scratch, self.shown)
        if is_quick(found, self.connection, self.scratch):
            return self._quick(found)
        return self._careful(found)

    def carefully(self) -> Opened:
        """The file as our own reader parts it, whatever DuckDB could do; the quick way is held against this."""
        return self._careful(survey(self.path, self.options, self.scratch, self.shown))

    def _quick(self, found: Survey) -> Opened:
        """The file as DuckDB reads it."""
        rejected = Rejected(self.connection, self.shown, self.options.strict)
        tables = RejectTables(new_name("errors"), new_name("scans"))
        target = _plainly_named(found.plain.path, self.scratch)
        threads = self.connection.execute("SELECT current_setting('threads')").fetchone()
        buffer = buffer_of(found, int(threads[0]) if threads else 1)
        rows = scan(target, found.names, found.dialect, skipped(found), rejects=tables, buffer=buffer)
        view = create_view(self.connection, rows)

        def leave() -> None:
            drop_view(self.connection, view)
            drop_tables(self.connection, tables)
            rejected.drop()
            if target != found.plain.path:
                target.unlink(missing_ok=True)

        def close() -> None:
            leave()
            self._forget(found.plain.path)

        def settle(error: duckdb.Error | None) -> Opened | None:
            again = self._after_error(error, found) if error else self._after_reading(found, tables, rejected)
            if again is not None:
                leave()
            return again

        return self._opened(found, view, rejected.name, close, settle)

    def _after_error(self, error: duckdb.Error, found: Survey) -> Opened:
        """Read carefully what DuckDB could not part; another error is no matter of the file's lines."""
        if not isinstance(error, (duckdb.InvalidInputException, duckdb.InternalError)):
            raise error
        return self._careful(found)

    def _after_reading(self, found: Survey, tables: RejectTables, rejected: Rejected) -> Opened | None:
        """Keep what DuckDB rejected; or the file, read again, where that does not do."""
        doubtful = Doubtful()
        rejected.clear()
        try:
            rejected.add(_early(found))
            rejected.add(rejected_rows(found, self.connection, tables, doubtful))
        except Disagreement:
            return self._careful(found)
        drop_tables(self.connection, tables)
        return self._recoded(found, doubtful)

    def _recoded(self, found: Survey, doubtful: Doubtful) -> Opened | None:
        """The file in the encoding that its later lines speak for, when its sample was all ASCII."""
        encoding = None if found.plain.encoding.sure else doubtful.encoding()
        if encoding is None:
            return None
        options = self.options.model_copy(update={"encoding": encoding})
        opened = Reading(self.path, self.connection, options, self.scratch, self.shown).open()
        note = f"the beginning is plain ASCII, but lines further down are not UTF-8; all was taken for {encoding}"
        return replace(opened, notes=(note, *opened.notes))

    def _careful(self, found: Survey) -> Opened:
        """The file as our own reader parts it."""
        rejected = Rejected(self.connection, self.shown, self.options.strict)
        copy = Copy(scratch_file(self.scratch))
        rejected.add(_early(found))
        try:
            rejected.add(copy_rows(found, copy))
        except OSError as error:
            copy.path.unlink(missing_ok=True)
            hint = "Free space there, or choose another scratch folder."
            where = Where(file=self.shown)
            raise SourceError(
                f"no copy could be made in the scratch folder: {error.strerror}", hint=hint, where=where
            ) from error
        longest = max(USUAL_LONGEST, copy.longest + 1024)
        view = create_view(self.connection, scan(copy.path, found.names, well_formed(found.dialect), longest=longest))

        def close() -> None:
            drop_view(self.connection, view)
            rejected.drop()
            self._forget(copy.path, found.plain.path)

        def settle(error: duckdb.Error | None) -> Opened | None:
            if error is not None:
                raise error
            again = self._recoded(found, copy.doubtful)
            if again is not None:
                close()
            return again

        return self._opened(found, view, rejected.name, close, settle)

    def _forget(self, *files: Path) -> None:
        """Remove copies; never the file itself."""
        for file in files:
            if file != self.path:
                file.unlink(missing_ok=True)

    def _opened(
        self,
        found: Survey,
        view: str,
        rejected: str,
        close: Callable[[], None],
        settle: Callable[[duckdb.Error | None], Opened | None],
    ) -> Opened:
        return Opened(
            address=self.shown,
            view=view,
            schema=Schema.of((name, TEXT) for name in found.names),
            is_text=True,
            facts=found.facts(),
            notes=found.notes,
            size=self.path.stat().st_size,
            rejected_view=rejected,
            close=close,
            settle=settle,
        )


def _early(found: Survey) -> Iterator[tuple[int, str, str]]:
    """Lines in front of the header that hold as much as a row."""
    for record in found.layout.early:
        yield rejected_row(record, ["it stands in front of the header"], found)


def _plainly_named(path: Path, scratch: Path) -> Path:
    """A path that DuckDB does not take for a pattern of names."""
    if not any(mark in str(path) for mark in "*?["):
        return path
    link = scratch_file(scratch)
    link.symlink_to(path.resolve())
    return link
