"""Refuses a file whose few lines unfold into more than a machine can hold."""

from __future__ import annotations

import yaml

from sanitizer_core.errors import SanitizerError, Where

LARGEST = 1_000_000
DEEPEST = 100


def refuse_unbounded(text: str, name: str, error: type[SanitizerError]) -> None:
    """Refuses YAML whose aliases unfold without bound or whose nesting is endless, before anything walks through it.

    Raises:
        error: the file unfolds into more than a million parts, or is nested deeper than a hundred levels.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        size = _size(root, {}, ()) if root is not None else 0
    except yaml.YAMLError:
        return  # what is wrong with the text is told by who reads it
    except RecursionError:
        size = LARGEST + 1
    if size > LARGEST:
        raise error("the file is nested too deeply, or its aliases unfold into too much", where=Where(file=name))


def _size(node: yaml.Node, known: dict[int, int], above: tuple[int, ...]) -> int:
    """The number of parts once every alias is written out; each node is counted once, so this takes linear time."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) in above or len(above) >= DEEPEST:
        return LARGEST + 1
    if id(node) not in known:
        path = (*above, id(node))
        inner = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
        known[id(node)] = 1 + sum(_size(each, known, path) for each in inner)
    return known[id(node)]
