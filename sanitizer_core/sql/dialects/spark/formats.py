"""Formats of dates in the words of Spark: read by one pattern that puts the parts in the order of ISO 8601, and one cast."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.date_formats import MONTHS, WEEKDAYS
from sanitizer_core.sql.function import Lowering

_DIRECTIVE = re.compile(r"%(-?)(.)", re.DOTALL)
_DIGITS = "[0-9]{1,2}"


def _names(words: tuple[str, ...]) -> str:
    return "|".join(each for word in words for each in (word, word[:3]))


_READ = {
    "Y": "[0-9]{4}", "y": "[0-9]{2}", "m": _DIGITS, "d": _DIGITS, "H": _DIGITS, "I": _DIGITS, "M": _DIGITS, "S": _DIGITS,
    "f": "[0-9]{1,6}", "b": _names(MONTHS), "B": _names(MONTHS), "a": _names(WEEKDAYS), "A": _names(WEEKDAYS), "p": "AM|PM",
    "z": "[+-][0-9]{2}(?::?[0-9]{2})?",
}  # fmt: skip
_PASSED_OVER = "aA"
_MONTHS = "".join(word[:3].lower() for word in MONTHS)
_NUMBERS = {
    "Y": ("YEAR", 4),
    "m": ("MONTH", 2),
    "d": ("DAY", 2),
    "H": ("HOUR", 2),
    "M": ("MINUTE", 2),
    "S": ("SECOND", 2),
}
_NAMES = {"b": ("MONTH", [word[:3] for word in MONTHS]), "B": ("MONTH", list(MONTHS)),
          "a": ("DAYOFWEEK_ISO", [word[:3] for word in WEEKDAYS]), "A": ("DAYOFWEEK_ISO", list(WEEKDAYS))}  # fmt: skip


def _pieces(source: str) -> list[tuple[str, str]]:
    """``("", text)`` and ``(directive, minus)`` in turn."""
    pieces: list[tuple[str, str]] = []
    end = 0
    for found in _DIRECTIVE.finditer(source):
        pieces.append(("", source[end : found.start()]))
        pieces.append(("", "%") if found[2] == "%" else (found[2], found[1]))
        end = found.end()
    return [*pieces, ("", source[end:])]


class _Reader:
    """A format as a pattern with a group for each directive."""

    def __init__(self, source: str) -> None:
        self.letters: list[str] = []
        parts = []
        for letter, text in _pieces(source):
            if not letter:
                parts.append(re.sub(r"([^0-9A-Za-z\s])", r"\\\1", text))
            elif letter in _PASSED_OVER:
                parts.append(f"(?:{_READ[letter]})")
            else:
                self.letters.append(letter)
                parts.append(f"({_READ[letter]})")
        self.pattern = rf"(?i)^\s*{''.join(parts)}\s*\z"

    def group(self, letters: str, otherwise: str) -> str:
        """What a replacement says for the first of these directives that is there."""
        for letter in letters:
            if letter in self.letters:
                return f"${self.letters.index(letter) + 1}"
        return otherwise

    def place(self, letters: str) -> int | None:
        return next((self.letters.index(letter) + 1 for letter in letters if letter in self.letters), None)

    @property
    def iso(self) -> str:
        """The replacement that writes the parts as ISO 8601; the month is left out where it is a name."""
        year = self.group("Y", "20" + self.group("y", "") if "y" in self.letters else "1900")
        month = self.group("m", "@@" if set("bB") & set(self.letters) else "01")
        clock = ":".join(self.group(letters, "00") for letters in ("HI", "M", "S"))
        return f"{year}-{month}-{self.group('d', '01')} {clock}.{self.group('f', '0')}"


def _moment(reader: _Reader) -> tuple[str, dict[str, str]]:
    """A template for the moment without its zone, and its constants."""
    constants = {"own": reader.pattern, "iso": reader.iso}
    text = "regexp_replace(:value, :own, :iso)"
    name = reader.place("bB")
    if name is not None:
        constants["months"] = _MONTHS
        number = f"lpad(CAST((instr(:months, lower(left(regexp_extract(:value, :own, {name}), 3))) + 2) DIV 3 AS STRING), 2, '0')"
        text = f"replace({text}, '@@', {number})"
    moment = f"TRY_CAST({text} AS TIMESTAMP_NTZ)"
    if "y" in reader.letters:  # 69 to 99 are of the 1900s, as in POSIX
        moment = (
            f"transform(array({moment}), m -> CASE WHEN year(m) >= 2069 THEN m - INTERVAL '100' YEAR ELSE m END)[0]"
        )
    if "p" in reader.letters:
        hour, half = (f"regexp_extract(:value, :own, {reader.place(letter)})" for letter in "Ip")
        late = f"CASE WHEN upper({half}) = 'PM' THEN 12 ELSE 0 END"
        shift = f"{late} - CASE WHEN TRY_CAST({hour} AS INT) = 12 THEN 12 ELSE 0 END"
        sound = f"TRY_CAST({hour} AS INT) BETWEEN 1 AND 12"
        moment = f"CASE WHEN {sound} THEN {moment} + make_dt_interval(0, {shift}) END"
    return moment, constants


def read_moment(constants: Mapping[str, str]) -> Lowering:
    """The text read by a strptime format."""
    moment, own = _moment(_Reader(constants["format"]))
    return Lowering(f"CASE WHEN :value RLIKE :own THEN {moment} END", own)


def read_instant(constants: Mapping[str, str]) -> Lowering:
    """The text read by a strptime format with an offset."""
    reader = _Reader(constants["format"])
    moment, own = _moment(reader)
    zone = f"regexp_extract(:value, :own, {reader.place('z')})"
    minutes = f"TRY_CAST(substring({zone}, 2, 2) AS INT) * 60 + CASE WHEN length({zone}) > 3 THEN TRY_CAST(right({zone}, 2) AS INT) ELSE 0 END"
    signed = f"CASE WHEN startswith({zone}, '-') THEN -1 ELSE 1 END * ({minutes})"
    utc = f"CAST({moment} - make_dt_interval(0, 0, {signed}) AS TIMESTAMP)"
    return Lowering(f"CASE WHEN :value RLIKE :own THEN {utc} END", own)


def moment_text(constants: Mapping[str, str]) -> Lowering:
    """The moment written by a strftime format, part by part: what Spark reads in a pattern follows a setting.

    Raises:
        CompileError: Spark has no word for a directive.
    """
    texts: dict[str, str] = {}
    parts = []
    for letter, text in _pieces(constants["format"]):
        if letter:
            parts.append(_part(letter, bare=bool(text), source=constants["format"]))
        elif text:
            texts[f"text{len(texts)}"] = text
            parts.append(f":text{len(texts) - 1}")
    return Lowering(f"concat({', '.join(parts)})", texts)


_MOMENT = "CAST(:value AS TIMESTAMP_NTZ)"


def _field(name: str) -> str:
    return f"CAST(extract({name} FROM {_MOMENT}) AS INT)"


def _part(letter: str, *, bare: bool, source: str) -> str:
    """What a directive writes; without its leading zeros where it is bare."""
    if letter in _NAMES and not bare:
        field, words = _NAMES[letter]
        return f"element_at(array({', '.join(map(repr, words))}), {_field(field)})"
    match letter:
        case "p" if not bare:
            return f"CASE WHEN {_field('HOUR')} < 12 THEN 'AM' ELSE 'PM' END"
        case "f" if not bare:
            return f"lpad(CAST(CAST(extract(SECOND FROM {_MOMENT}) * 1000000 AS BIGINT) % 1000000 AS STRING), 6, '0')"
        case "y":
            number, width = f"{_field('YEAR')} % 100", 2
        case "I":
            number, width = f"({_field('HOUR')} + 11) % 12 + 1", 2
        case _ if letter in _NUMBERS and not (bare and letter == "Y"):
            field, width = _NUMBERS[letter]
            number = _field(field)
        case _:
            raise CompileError(f"spark cannot write {source!r}: %{'-' if bare else ''}{letter}")
    text = f"CAST({number} AS STRING)"
    return text if bare else f"lpad({text}, {width}, '0')"
