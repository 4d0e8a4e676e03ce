{# The rows that could not be read or that a step rejects, whole, each with its reasons. #}
{% macro rejected(relation, recipe, version=none, where=none) -%}
  {{ return(sanitizer.recipe_sql('rejected', relation, recipe, version, where)) }}
{%- endmacro %}
