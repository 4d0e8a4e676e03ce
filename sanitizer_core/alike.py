"""Columns by the thousand that a step treats alike: their cells go through one tree, as lists.

With a tree for each, an engine would plan the same thing thousands of times, and compile its regular expressions as often.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from sanitizer_core.chain import Chain, Items
from sanitizer_core.ops.effects import Rewrite
from sanitizer_core.plan import StepInfo
from sanitizer_core.sql import VALUE, column, literal, lower

IN_A_LIST = 250
"""Columns of one list; whoever wants one of them has the others worked out too."""

CELL = "@cell"


def groups_of(chain: Chain, rewrites: Iterable[Rewrite]) -> list[list[Rewrite]]:
    """The rewrites that share their trees (the very same), in lists; none where the engine does without."""
    if not chain.alike:
        return []
    shared: dict[int, list[Rewrite]] = {}
    for each in rewrites:
        if each.lookup is None and each.type.is_text and chain.table.slot(each.column).type.is_text:
            shared.setdefault(id(each.passes), []).append(each)
    many = [group for group in shared.values() if len(group) >= chain.alike and not _reads_columns(group[0])]
    return [group[start : start + IN_A_LIST] for group in many for start in range(0, len(group), IN_A_LIST)]


def _reads_columns(effect: Rewrite) -> bool:
    return any(tree.find(exp.Column, exp.Window) for tree in effect.passes)


def list_items(chain: Chain, step: StepInfo, groups: Sequence[Sequence[Rewrite]]) -> Items:
    """For each group the list of its new cells."""
    return tuple((chain.table.names.free(f"@{step.label}.list"), _new_cells(chain, group)) for group in groups)


def _new_cells(chain: Chain, group: Sequence[Rewrite]) -> exp.Expr:
    cells: exp.Expr = exp.Array(expressions=[column(chain.table.slot(each.column).now.name) for each in group])
    for tree in group[0].passes:
        body = exp.replace_placeholders(lower(tree, chain.dialect), **{VALUE: column(CELL)})
        told = exp.Lambda(this=body, expressions=[exp.to_identifier(CELL, quoted=True)])
        cells = exp.Anonymous(this="list_transform", expressions=[cells, told])
    return cells


def cell_items(
    chain: Chain, step: StepInfo, groups: Sequence[Sequence[Rewrite]], lists: Items, condition: exp.Expr | None
) -> list[tuple[str, str, exp.Expr]]:
    """For each column its name, that of its new version, and where that is in its list."""
    items = []
    for group, (name, _) in zip(groups, lists, strict=True):
        for place, effect in enumerate(group, 1):
            tree: exp.Expr = exp.Anonymous(this="list_extract", expressions=[column(name), literal(place)])
            if condition is not None:
                old = column(chain.table.slot(effect.column).now.name)
                tree = exp.Case(ifs=[exp.If(this=condition.copy(), true=tree)], default=old)
            items.append((effect.column, chain.table.names.free(f"{effect.column}@{step.number}"), tree))
    return items
