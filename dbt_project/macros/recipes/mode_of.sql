{# 'typed' where the relation holds the recipe's types, 'text' where the recipe has to read them from text. #}
{% macro mode_of(relation, recipe, pin, found) -%}
  {%- set unlike = [] -%}
  {%- set textual = [] -%}
  {%- for name, kind in pin.columns.items() -%}
    {%- set held = sanitizer.kind_of(found[name]) -%}
    {%- if not sanitizer.goes_into(held, kind) -%}
      {%- do unlike.append(found[name].name ~ ' (' ~ found[name].data_type ~ ', not ' ~ kind ~ ')') -%}
    {%- endif -%}
    {%- if held not in ('text', 'integer', 'boolean', 'date') -%}
      {%- do textual.append(name) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if not unlike -%}
    {{ return('typed') }}
  {%- endif -%}
  {%- if 'text' in pin.modes and not textual -%}
    {{ return('text') }}
  {%- endif -%}
  {{ exceptions.raise_compiler_error("sanitizer: " ~ relation ~ " does not hold what the recipe '" ~ recipe
     ~ "' was compiled for: " ~ unlike | join(', ') ~ ". Give its columns or the relation in the pin, and run "
     ~ "'sanitizer dbt sync'.") }}
{%- endmacro %}

{# Whether values of a kind can be cast to another without loss. #}
{% macro goes_into(held, kind) -%}
  {%- set wider = {'integer': ['decimal', 'float'], 'decimal': ['float'], 'date': ['timestamp']} -%}
  {{ return(held == kind or kind == 'other' or kind in wider.get(held, [])) }}
{%- endmacro %}

{# The kind of a column's type, in the words of recipes. #}
{% macro kind_of(column) -%}
  {%- set name = column.data_type | lower -%}
  {%- set bare = name.split('(')[0] | trim -%}
  {%- if '[' in name or '<' in name or bare in ('struct', 'map', 'union', 'array', 'object', 'variant') -%}
    {{ return('other') }}
  {%- elif bare in ('text', 'string', 'varchar', 'char', 'character', 'character varying', 'bpchar', 'nvarchar', 'nchar') -%}
    {{ return('text') }}
  {%- elif bare in ('bool', 'boolean') -%}
    {{ return('boolean') }}
  {%- elif bare in ('tinyint', 'smallint', 'integer', 'int', 'bigint', 'long', 'int2', 'int4', 'int8', 'int64', 'byteint',
                    'utinyint', 'usmallint', 'uinteger') -%}
    {{ return('integer') }}
  {%- elif bare in ('decimal', 'numeric', 'number', 'bignumeric', 'dec') -%}
    {{ return('integer' if column.numeric_scale == 0 and bare == 'number' else 'decimal') }}
  {%- elif bare in ('float', 'double', 'real', 'double precision', 'float4', 'float8', 'float64') -%}
    {{ return('float') }}
  {%- elif bare == 'date' -%}
    {{ return('date') }}
  {%- elif bare.startswith('timestamp') or bare == 'datetime' -%}
    {%- set zoned = ('with time zone' in name and 'without' not in name) or bare in ('timestamptz', 'timestamp_tz', 'timestamp_ltz') -%}
    {{ return('timestamptz' if zoned or (target.type in ('bigquery', 'databricks', 'spark') and bare == 'timestamp') else 'timestamp') }}
  {%- elif bare == 'time' or name.startswith('time ') -%}
    {{ return('time') }}
  {%- elif bare in ('bytea', 'blob', 'binary', 'varbinary', 'bytes') -%}
    {{ return('binary') }}
  {%- endif -%}
  {{ return('other') }}
{%- endmacro %}

{# The adapter's type for text of any length. #}
{% macro text_type() -%}
  {{ return(api.Column.translate_type('string')) }}
{%- endmacro %}
