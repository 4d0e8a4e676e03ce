"""The JSON Schema of a recipe, for editors and other programs."""

from __future__ import annotations

import json

from sanitizer_core.recipe_schema import recipe_schema

PAGE = """# JSON Schema of a recipe

Editors complete and check a recipe by [recipe.schema.json](recipe.schema.json) (`sanitizer recipe schema` prints the
same). In a YAML file, the first line

```yaml
# yaml-language-server: $schema=recipe.schema.json
```

tells most editors where it is.

"""


def pages() -> dict[str, str]:
    """The schema and the page that shows it."""
    schema = json.dumps(recipe_schema(), indent=2, ensure_ascii=False) + "\n"
    return {"recipe.schema.json": schema, "recipe-schema.md": f"{PAGE}```json\n{schema}```\n"}
