"""The part of cleaning text that SQL can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from sanitizer_core.sql import call, literal, value_of
from sanitizer_core.sql.logic import choose
from sanitizer_core.sql.pattern import pattern

if TYPE_CHECKING:
    from sanitizer_core.ops.text.clean_text import CleanText

_SEEN = "!-~"
_WORD_SIGNS = "0-9A-Za-z"
_TITLE = "^[A-Z][a-z]*(?:[ -][A-Z][a-z]*)*$"


@dataclass(frozen=True)
class Tidy:
    """Trees for the options of ``clean_text``, in the order of its page.

    Almost every cell of a real table is clean but for its case, and one pattern tells so; what the pattern does not
    know goes through the whole chain. That costs a third of testing for each blemish by itself.
    """

    wanted: CleanText

    def passes(self) -> tuple[exp.Expr, ...]:
        """The passes on a cell."""
        made = (build(value_of()) for build in (self._case, self._tidied, self._title, self._emptied))
        return tuple(tree for tree in made if tree is not None)

    def _case(self, value: exp.Expr) -> exp.Expr | None:
        return call(self.wanted.case, value) if self.wanted.case in ("lower", "upper") else None

    def _tidied(self, value: exp.Expr) -> exp.Expr | None:
        functions = self._functions()
        if not functions:
            return None
        tree = value
        for name in functions:
            tree = call(name, tree)
        clean = call("matches", value, pattern(self._clean(), whole=True))
        return choose((clean, value), otherwise=tree)

    def _functions(self) -> list[str]:
        """What values go through, in this order.

        What is invisible may stand between a letter and its mark, and so may punctuation; and the first two name
        their argument more than once, so it should be small.
        """
        wanted = self.wanted
        composed = wanted.unicode == "nfc"
        compose = "compose" if wanted.remove_invisible else "nfc"
        chain = [
            (wanted.strip_accents, "strip_accents"),
            (wanted.remove_invisible, "remove_invisible"),
            (composed, compose),
            (wanted.punctuation == "plain", "plain_punctuation"),
            (wanted.punctuation == "remove", "remove_punctuation"),
            (composed and wanted.punctuation != "keep", compose),
            (wanted.collapse_space, "collapse_space"),
            (wanted.strip, "strip"),
        ]
        return [name for said, name in chain if said]

    def _clean(self) -> str:
        """A pattern of values that nothing is done to."""
        sign = f"[{_WORD_SIGNS if self.wanted.punctuation == 'remove' else _SEEN}]"
        words = f"{sign}+(?: {sign}+)*" if self.wanted.collapse_space else f"{sign}+(?: +{sign}+)*"
        if self.wanted.strip:
            return f"(?:{words})?"
        return f" ?(?:{words})? ?" if self.wanted.collapse_space else f" *(?:{words})? *"

    def _title(self, value: exp.Expr) -> exp.Expr | None:
        if self.wanted.case == "sentence":
            return call("sentence_case", value)
        if self.wanted.case != "title":
            return None
        return choose((call("matches", value, pattern(_TITLE)), value), otherwise=call("title_case", value))

    def _emptied(self, value: exp.Expr) -> exp.Expr | None:
        return exp.Nullif(this=value, expression=literal("")) if self.wanted.empty_as_null else None
