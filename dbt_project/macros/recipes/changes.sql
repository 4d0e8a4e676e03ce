{# The change log: one row for each cell that the recipe changes. #}
{% macro changes(relation, recipe, version=none, where=none) -%}
  {{ return(sanitizer.recipe_sql('changes', relation, recipe, version, where)) }}
{%- endmacro %}
