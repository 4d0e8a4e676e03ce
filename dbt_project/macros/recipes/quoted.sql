{# A name in the adapter's quotes, whatever the name holds: `adapter.quote` leaves quotes inside of it as they are. #}
{% macro quoted(name) -%}
  {%- set mark = adapter.quote('')[0] -%}
  {{ return(mark ~ (name | replace(mark, '\\' ~ mark if target.type == 'bigquery' else mark ~ mark)) ~ mark) }}
{%- endmacro %}
