"""YAML and JSON files whose every part knows its line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sanitizer_core.errors import RecipeError, SanitizerError, Where
from sanitizer_core.unfolding import refuse_unbounded

Place = Sequence[str | int]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's words for true and false only, dates as text, and no key twice."""


_NOT_IN_YAML_1_2 = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _NOT_IN_YAML_1_2]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


@dataclass(frozen=True)
class Document:
    """What a file says, and where it says it.

    Args:
        data: plain dictionaries, lists and scalars.
        name: the file as shown to a user.
    """

    data: Any
    name: str
    _root: yaml.Node | None = None

    def line_of(self, path: Place) -> int | None:
        """The line (from 1) of the part at ``path``, or of the nearest part around it that is there."""
        node = self._root
        line = node.start_mark.line + 1 if node is not None else None
        for part in path:
            found = _child(node, part)
            if found is None:
                return line
            node, line = found
        return line


def _child(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None


def read_document(path: str | Path, error: type[SanitizerError] = RecipeError) -> Document:
    """The document in a file; JSON is read as the subset of YAML that it is.

    Raises:
        error: the file cannot be read, or is neither YAML nor JSON.
    """
    where = Where(file=str(path))
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error("there is no such file", where=where) from None
    except (OSError, UnicodeDecodeError) as reason:
        raise error(f"the file cannot be read: {reason}", where=where) from None
    return parse_document(text, str(path), error)


def parse_document(text: str, name: str, error: type[SanitizerError] = RecipeError) -> Document:
    """The document in a text (see ``read_document``)."""
    refuse_unbounded(text, name, error)
    try:
        if name.endswith(".json"):
            json.loads(text)
        # Tabs may stand between the tokens of JSON but not of YAML.
        prepared = text.replace("\t", " ") if name.endswith(".json") else text
        root = yaml.compose(prepared, Loader=_Loader)
        if root is not None:
            _refuse_repeated_keys(root, name, error)
        data = json.loads(text) if name.endswith(".json") else yaml.load(prepared, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except json.JSONDecodeError as reason:
        raise error(f"not valid JSON: {reason.msg}", where=Where(file=name, line=reason.lineno)) from None
    except yaml.MarkedYAMLError as reason:
        line = reason.problem_mark.line + 1 if reason.problem_mark else None
        raise error(f"not valid YAML: {reason.problem}", where=Where(file=name, line=line)) from None
    except yaml.YAMLError as reason:
        raise error(f"not valid YAML: {reason}", where=Where(file=name)) from None
    return Document(data, name, root)


def _refuse_repeated_keys(node: yaml.Node, name: str, error: type[SanitizerError]) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise error(
                    f"the key {key.value!r} is there twice", where=Where(file=name, line=key.start_mark.line + 1)
                )
            seen.add(key.value)
            _refuse_repeated_keys(value, name, error)
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item, name, error)
