"""The macro of a recipe's version: one variant per adapter, each with what the recipe comes to there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from sanitizer_core.dbt.compiled import FURTHER, RUN, SOURCE, WHATS, Job, statement
from sanitizer_core.dbt.jinja import constant, escaped, refusal
from sanitizer_core.errors import CompileError, PlanError
from sanitizer_core.pipeline.compiling import What
from sanitizer_core.sql.tree import sql_type

TYPED, TEXT = "typed", "text"
"""Whether the table holds its columns in the recipe's types, or as text that the recipe has to read."""


def identifier(name: str, version: int) -> str:
    """A name for macros and files: the recipe's own where it can be, else one like it that no other recipe has."""
    plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()
    unlike = "" if plain == name else "_" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{plain or 'recipe'}{unlike}_v{version}"


def macro_file(name: str, head: str, jobs: Sequence[Job], adapters: Sequence[str]) -> str:
    """The macro ``sanitizer_NAME(what, mode, source, further)``, in a variant for each adapter.

    Args:
        jobs: one, or two where the table may hold its columns as text or typed.
    """
    bodies = {adapter: "".join(_branches(jobs, adapter)) + "{%- endif -%}\n" for adapter in adapters}
    return variants(f"sanitizer_{name}", "what, mode, source, further", head, bodies)


def variants(macro: str, arguments: str, head: str, bodies: Mapping[str, str]) -> str:
    """A file with a macro for each adapter, and one for all others that says that there is none."""
    written = [
        f"{{% macro {adapter}__{macro}({arguments}) -%}}\n{body}{{%- endmacro %}}" for adapter, body in bodies.items()
    ]
    none = refusal(
        f"No variant of {macro} was written for this adapter; written are: {', '.join(bodies)}. "
        "Add it to 'adapters' in the pins and run 'sanitizer dbt sync'."
    )
    default = f"{{% macro default__{macro}({arguments}) -%}}\n{none}\n{{%- endmacro %}}"
    return "\n\n".join([f"{{# {head} #}}", *written, default]) + "\n"


def _branches(jobs: Sequence[Job], adapter: str) -> Iterator[str]:
    types = {name: sql_type(kind).sql(adapter) for name, kind in jobs[0].columns.items()}
    yield f"{{%- if what == 'types' -%}}\n{{{{ return({constant(types)}) }}}}\n"
    for job in jobs:
        for what in WHATS:
            mode = TEXT if job.texts else TYPED
            yield f"{{%- elif what == '{what}' and mode == '{mode}' -%}}\n{_body(job, adapter, what)}\n"


def _body(job: Job, adapter: str, what: What) -> str:
    try:
        sql = statement(job, adapter, what)
    except (CompileError, PlanError) as error:
        told = " ".join(str(problem) for problem in error.problems)
        return refusal(f"The recipe {job.recipe.name} v{job.recipe.version} cannot be had on {adapter}: {told}")
    return bound(sql)


def bound(sql: str) -> str:
    """The statement as a template, with what dbt knows in the places that were kept for it."""
    text = escaped(sql)
    text = re.sub(rf",\s+{FURTHER}\b", "{{ further }}", text)
    return text.replace(SOURCE, "{{ source }}").replace(RUN, "{{ invocation_id }}")
