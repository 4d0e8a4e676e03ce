{# Stops the model with a message; not while the project is parsed, for other models are to be parsed still. #}
{% macro refuse(message) -%}
  {%- if execute -%}
    {{ exceptions.raise_compiler_error(message) }}
  {%- endif -%}
  {{ return('null') }}
{%- endmacro %}

{# What is said where a macro has no such form, or an adapter cannot say it. #}
{% macro no_such_form(name, form, forms) -%}
  {{ sanitizer.refuse("sanitizer." ~ name ~ " does not know '" ~ form ~ "'. Known are: " ~ forms | join(', ')
     ~ ". A recipe knows more: see sanitizer.clean.") }}
{%- endmacro %}

{% macro cannot_say(name, reason) -%}
  {{ sanitizer.refuse("sanitizer." ~ name ~ " cannot be had here: " ~ reason ~ ".") }}
{%- endmacro %}

{% macro no_such_adapter(name) -%}
  {{ sanitizer.refuse("sanitizer." ~ name ~ " has no variant for the adapter " ~ target.type ~ ".") }}
{%- endmacro %}

{# A text as a constant of SQL; some warehouses read a backslash in it as the beginning of something. #}
{% macro text_literal(text) -%}
  {%- set backslashes = target.type in ('snowflake', 'bigquery', 'databricks', 'spark') -%}
  {%- set safe = text | string | replace('\\', '\\\\') if backslashes else text | string -%}
  {{ return(dbt.string_literal(dbt.escape_single_quotes(safe))) }}
{%- endmacro %}

{# The adapter's double: what dbt calls a float has 32 bits in some. #}
{% macro double_type() -%}
  {{ return({'postgres': 'double precision', 'redshift': 'double precision', 'bigquery': 'float64', 'snowflake': 'float'}.get(target.type, 'double')) }}
{%- endmacro %}
