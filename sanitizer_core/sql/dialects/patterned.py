"""Lowerings that are made of a pattern, a replacement or words that are constants, for dialects that are compiled only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sanitizer_core.errors import CompileError
from sanitizer_core.sql.function import Lowering
from sanitizer_core.sql.pattern import own_pattern_for
from sanitizer_core.sql.pattern_posix import CAPTURE, REFERENCE, capturing_only, numbers_of, plain

Made = Callable[[Mapping[str, str]], Lowering]


def own(template: str, dialect: str, *names: str, whole: tuple[str, ...] = (), **patterns: str) -> Made:
    """A template whose arguments of these names are patterns of this project's own; ``patterns`` are further ones.

    Args:
        whole: which of them have to fit from end to end.
    """

    def made(texts: Mapping[str, str]) -> Lowering:
        return written(template, dialect, whole, None, **{name: constant(texts, name) for name in names}, **patterns)

    return made


def written(
    template: str, dialect: str, whole: tuple[str, ...] = (), told: Mapping[str, str] | None = None, **patterns: str
) -> Lowering:
    """As ``own``, where no argument is a pattern.

    Args:
        told: further constants, as they stand.
    """
    made = {name: own_pattern_for(text, dialect, whole=name in whole) for name, text in patterns.items()}
    return Lowering(template, {**made, **(told or {})})


def constant(texts: Mapping[str, str], name: str) -> str:
    """An argument that has to be a constant.

    Raises:
        CompileError: it is made of columns.
    """
    if name not in texts:
        raise CompileError(f"the {name} has to be a constant there", hint="Write it as a text, not as a column.")
    return texts[name]


def among(texts: Mapping[str, str]) -> Lowering:
    """Whether the value is one of the lines of a constant."""
    words = constant(texts, "words").split("\n")
    names = {f"word{number}": word for number, word in enumerate(words)}
    return Lowering(f":value IN ({', '.join(f':{name}' for name in names)})", names)


def if_text(name: str, template: str) -> Made:
    """A template for an argument that is a constant, and not empty."""

    def made(texts: Mapping[str, str]) -> Lowering:
        if not constant(texts, name):
            raise CompileError(f"the {name} cannot be empty there", hint="Name at least one character.")
        return Lowering(template)

    return made


def like(texts: Mapping[str, str], name: str = "pattern") -> Lowering:
    """LIKE where a backslash takes the meaning of what follows it."""
    return Lowering(":value LIKE :mask", {"mask": constant(texts, name).replace("\\", "\\\\")})


def masked(texts: Mapping[str, str]) -> Lowering:
    """As ``like``, of a mask."""
    return like(texts, "mask")


def marked(template: str, *, posix: bool = False) -> Made:
    """A template for a pattern, and perhaps a replacement; where all groups capture, references get their numbers."""

    def made(texts: Mapping[str, str]) -> Lowering:
        pattern = constant(texts, "pattern")
        told = {"pattern": plain(pattern) if posix else capturing_all(pattern)}
        if "replacement" in texts:
            wants_all = REFERENCE + "0" in texts["replacement"]
            if posix and wants_all:
                told["pattern"] = f"({told['pattern']})"
            told["replacement"] = texts["replacement"]
            if posix:
                told["replacement"] = renumbered(texts["replacement"], numbers_of(pattern), int(wants_all))
        return Lowering(template, told)

    return made


def capturing_all(pattern: str) -> str:
    """The pattern with all groups that the user counts."""
    return pattern.replace(CAPTURE, "")


def renumbered(replacement: str, numbers: list[int], shift: int, reference: str = "\\") -> str:
    """The replacement with references by the groups' numbers among all.

    Raises:
        CompileError: there are more groups than can be spoken of.
    """
    parts = replacement.split(REFERENCE)
    text = parts[0]
    for part in parts[1:]:
        number = 1 if part[0] == "0" else numbers[int(part[0]) - 1] + shift
        if number > 9:
            raise CompileError("a replacement can speak of nine groups there", hint="Write fewer groups.")
        text += f"{reference}{number}{part[1:]}"
    return text


def group_number(texts: Mapping[str, str]) -> int:
    """The number of the wanted group among all; 0 for the whole."""
    wanted = int(constant(texts, "group"))
    return numbers_of(constant(texts, "pattern"))[wanted - 1] if wanted else 0


def one_group(template: str) -> Made:
    """For RE2: a template for a pattern in which just the wanted group captures."""

    def made(texts: Mapping[str, str]) -> Lowering:
        pattern = capturing_only(constant(texts, "pattern"), int(constant(texts, "group")))
        return Lowering(template, {"pattern": pattern})

    return made
