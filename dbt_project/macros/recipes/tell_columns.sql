{# For `sanitizer dbt sync`: prints the columns of a model, seed or source (source.table) as JSON. #}
{% macro tell_columns(relation) -%}
  {%- set parts = relation.split('.') -%}
  {%- set named = source(parts[0], parts[1]) if parts | length == 2 else ref(relation) -%}
  {%- set columns = [] -%}
  {%- for column in adapter.get_columns_in_relation(named) -%}
    {%- do columns.append({'name': column.name, 'type': column.data_type}) -%}
  {%- endfor -%}
  {%- do print('sanitizer_columns:' ~ tojson({'adapter': adapter.type(), 'columns': columns})) -%}
{%- endmacro %}
