{# A key of 32 hexadecimal digits for the values of columns together. Each value is written with its length in front, and
   a null without one, so that no two rows that differ are written alike: ('a', 'b') and ('ab', null) have different keys. #}
{% macro surrogate_key(columns) -%}
  {{ return(dbt.hash(sanitizer.written_out(columns))) }}
{%- endmacro %}

{# The values of columns as one text, from which they could be read back. #}
{% macro written_out(columns) -%}
  {%- if columns is string or columns is not iterable or not columns -%}
    {{ sanitizer.refuse("sanitizer: give a list of columns, such as ['id', 'country'].") }}
  {%- endif -%}
  {%- set parts = [] -%}
  {%- for column in columns -%}
    {%- set text = 'cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set length = 'cast(length(' ~ text ~ ') as ' ~ dbt.type_string() ~ ')' -%}
    {%- do parts.append("case when " ~ column ~ " is null then '-;' else " ~ dbt.concat([length, "':'", text, "';'"]) ~ " end") -%}
  {%- endfor -%}
  {{ return(dbt.concat(parts) if parts | length > 1 else parts[0]) }}
{%- endmacro %}
