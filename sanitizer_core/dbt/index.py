"""The macros by which the package finds what was written for a project."""

from __future__ import annotations

from typing import Any

from sanitizer_core.dbt.jinja import constant

Told = dict[str, dict[int, dict[str, Any]]]
"""By name and version, what the package's macros have to know before they ask for SQL."""


def index_file(recipes: Told, contracts: Told) -> str:
    """Every call is spelt out, so that dbt sees what rests on what."""
    pins = {"recipes": recipes, "contracts": contracts}
    parts = [
        "{# Written by 'sanitizer dbt sync'; what is edited here is lost. #}",
        f"{{% macro default__sanitizer_pins() -%}}\n{{{{ return({constant(pins)}) }}}}\n{{%- endmacro %}}",
        _chooser("sanitizer_recipe", "sanitizer_", "what, mode, source, further", recipes),
        _chooser("sanitizer_contract", "sanitizer_contract_", "what, source", contracts),
    ]
    return "\n\n".join(parts) + "\n"


def _chooser(macro: str, prefix: str, arguments: str, told: Told) -> str:
    names = [each["macro"] for versions in told.values() for each in versions.values()]
    calls = [
        f"{{%- elif name == {constant(name)} -%}}\n"
        f"{{{{ return(adapter.dispatch({constant(prefix + name)})({arguments})) }}}}\n"
        for name in names
    ]
    return (
        f"{{% macro default__{macro}(name, {arguments}) -%}}\n{{%- if not name -%}}\n{{{{ return('') }}}}\n"
        + "".join(calls)
        + "{%- endif -%}\n{%- endmacro %}"
    )
