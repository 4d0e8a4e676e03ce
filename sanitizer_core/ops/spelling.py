"""Other spellings of the words that parameters take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BeforeValidator

_YAML_WORDS = {None: "null", True: "true", False: "false"}


def spelled(others: Mapping[str, str]) -> BeforeValidator:
    """For a parameter whose words are read whatever their case, with ``-`` and blanks as ``_``, and under other names.

    Args:
        others: further spelling to the parameter's own word. With ``null``, ``true`` or ``false`` among them, what
            YAML makes of that word is meant too.
    """

    def own_word(word: Any) -> Any:
        if word is None or isinstance(word, bool):
            return others.get(_YAML_WORDS[word], word)
        if not isinstance(word, str):
            return word
        plain = word.strip().lower().replace("-", "_").replace(" ", "_")
        return others.get(plain, plain)

    return BeforeValidator(own_word)
