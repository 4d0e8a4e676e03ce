"""The operation ``clean_text``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sanitizer_core.ops.base import AnyCase, ColumnsOperation, Needs
from sanitizer_core.ops.effects import Effect, MapValues, Rewrite
from sanitizer_core.ops.stat import Fitted
from sanitizer_core.ops.text.repair import Repair
from sanitizer_core.ops.text.tidy import Tidy
from sanitizer_core.schema import TEXT, Schema
from sanitizer_core.sql import column

Case = Literal["keep", "lower", "upper", "title", "sentence"]
UnicodeForm = Literal["keep", "nfc", "nfd", "nfkc", "nfkd"]
Punctuation = Literal["keep", "plain", "remove"]


class CleanText(ColumnsOperation):
    """Cleans what is typed or pasted in many ways: white space, case, Unicode, invisible characters, punctuation, HTML.

    ```yaml
    - op: clean_text
      params: {columns: [name, gender]}
    - op: clean_text
      params: {columns: [title], case: keep, html: true, mojibake: true, punctuation: plain}
    ```

    Without parameters it takes white space off both ends, makes one blank of every run of white space, removes
    invisible characters, composes letters with their accents (NFC), and writes everything in **small letters**, so that
    `" Male"` and `MALE` become one value. Set `case: keep` for names and prose.

    In this order:

    1. `mojibake`: text that was read in the wrong encoding is put right (`cafÃ©` becomes `café`), by the heuristics of
       the library *ftfy*, which leave sound text alone. Needs `sanitizer-core[text]`.
    2. `html`: comments, scripts, styles and tags go (a blank takes the place of tags that begin a line), entities become
       characters (`Caf&eacute; &amp; Bar`), until none is left (`&amp;lt;` is an entity of an entity). A `<` that begins
       no tag stays.
    3. `unicode`: NFC by default; `nfkc` also folds forms that only look different (`ﬁ`, `①`, wide letters).
    4. `case`: `lower`, `upper`, `title` (`Anne-Marie O'Neil`, but `It's`), `sentence` or `keep`; letter by letter after
       Unicode, whatever the locale, so `ß` in capitals is `ẞ`.
    5. `strip_accents`: `é` becomes `e`; letters that are not made of a letter and a mark (`ø`, `ß`, `ł`) stay.
    6. `remove_invisible`: control characters that are not white space, zero-width characters, soft hyphens, marks of
       direction, byte order marks. Joiners stay where they make emoji or ligatures.
    7. `punctuation`: `plain` makes curly quotes straight, dashes hyphens and `…` three points; `remove` takes
       punctuation and the signs of ASCII out.
    8. `collapse_space` and `strip`: white space is what Unicode says it is (`White_Space`), no-break and ideographic
       spaces and line breaks included.
    9. `empty_as_null`: a cell of which nothing is left becomes null; by default it stays an empty text.

    **Nulls** stay null. **Undo** gives back each cell as it was. `mojibake`, `html` and the forms of `unicode` other
    than `nfc` are made by Python over the distinct values that can need them, so they run on this machine only; all else is SQL.
    """

    op: ClassVar[str] = "clean_text"
    family: ClassVar[str] = "text"
    refusals: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("postgres", "spark"), "`mojibake`, `html` and the forms of `unicode` other than `nfc`, which need Python"
    )
    needs: ClassVar[Needs] = "text"

    strip: bool = Field(default=True, description="Take white space off both ends.")
    collapse_space: bool = Field(default=True, description="Make one blank of every run of white space.")
    case: Annotated[Case, AnyCase] = Field(default="lower", description="What becomes of small letters and capitals.")
    unicode: Annotated[UnicodeForm, AnyCase] = Field(default="nfc", description="Unicode's normal form, or `keep`.")
    strip_accents: bool = Field(default=False, description="Take the marks off letters.")
    remove_invisible: bool = Field(default=True, description="Remove control and zero-width characters.")
    mojibake: bool = Field(default=False, description="Put right what was read in the wrong encoding.")
    punctuation: Annotated[Punctuation, AnyCase] = Field(default="keep", description="Make it plain, or remove it.")
    html: bool = Field(default=False, description="Take tags out, and make characters of entities.")
    empty_as_null: bool = Field(default=False, description="Make null of a cell of which nothing is left.")

    def effects(self, schema: Schema, fitted: Fitted) -> tuple[Effect, ...]:
        # The columns share these trees, which is what lets thousands of them be cleaned as a list.
        passes, reason = Tidy(self).passes(), self._reason()
        repair = Repair(self.mojibake, self.html, self.unicode)
        if not repair.needed:
            return tuple(Rewrite(cell.name, passes, TEXT, reason) for cell in self.chosen(schema) if passes)
        return tuple(
            MapValues(cell.name, repair.guard(column(cell.name)), repair.values, reason, passes=passes)
            for cell in self.chosen(schema)
        )

    def _reason(self) -> str:
        told: list[tuple[bool, str]] = [
            (self.mojibake, "wrong encoding put right"),
            (self.html, "HTML taken out"),
            (self.unicode != "keep", f"Unicode {self.unicode.upper()}"),
            (self.case != "keep", {"lower": "small letters", "upper": "capitals"}.get(self.case, f"{self.case} case")),
            (self.strip_accents, "accents taken off"),
            (
                self.punctuation != "keep",
                "punctuation " + ("removed" if self.punctuation == "remove" else "made plain"),
            ),
            (self.remove_invisible, "invisible characters removed"),
            (self.collapse_space, "white space collapsed"),
            (self.strip, "ends stripped"),
            (self.empty_as_null, "nothing left is null"),
        ]
        return "text cleaned: " + ", ".join(words for said, words in told if said)
