{# The relation, cleaned by a recipe that the project pins. `where` is a condition on its rows, for incremental models. #}
{% macro clean(relation, recipe, version=none, where=none) -%}
  {{ return(sanitizer.recipe_sql('clean', relation, recipe, version, where)) }}
{%- endmacro %}
