{# The rows that the recipe removes, whole, each with the step and the reason. #}
{% macro removed(relation, recipe, version=none, where=none) -%}
  {{ return(sanitizer.recipe_sql('removed', relation, recipe, version, where)) }}
{%- endmacro %}
