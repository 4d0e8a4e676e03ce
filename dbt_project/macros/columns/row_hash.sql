{# A hash of a whole row of a relation, but for the columns under `except`: equal for equal rows, in whatever order the
   columns stand. It tells whether a row has changed. #}
{% macro row_hash(relation, except=[]) -%}
  {%- if not execute -%}
    {{ return("''") }}
  {%- endif -%}
  {%- set left_out = except | map('lower') | list -%}
  {%- set names = [] -%}
  {%- for column in sanitizer.columns_there(relation) -%}
    {%- if column.name | lower not in left_out -%}
      {%- do names.append(column.name) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set quoted = [] -%}
  {%- for name in names | sort -%}
    {%- do quoted.append(sanitizer.quoted(name)) -%}
  {%- endfor -%}
  {{ return(sanitizer.surrogate_key(quoted)) }}
{%- endmacro %}
