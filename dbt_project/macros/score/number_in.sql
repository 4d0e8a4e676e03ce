{# The number that a text may be, for outliers, else null. Written by 'make macros' from the compiler. #}
{% macro number_in(column) -%}
  {%- set form = adapter.dispatch('number_in', 'sanitizer')('only', column) | trim -%}
  {{ form }}
{%- endmacro %}

{% macro duckdb__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ISFINITE(TRY_CAST(({{ column }}) AS DOUBLE)) AND NOT CONTAINS(({{ column }}), '_') AND NOT CONTAINS(({{ column }}), '+-') THEN TRY_CAST(({{ column }}) AS DOUBLE) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__number_in(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('number_in', 'postgres cannot say \u0027loose_float\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__number_in(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('number_in', 'snowflake cannot say \u0027loose_float\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__number_in(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('number_in', 'bigquery cannot say \u0027loose_float\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__number_in(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('number_in', 'redshift cannot say \u0027loose_float\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__number_in(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('number_in', 'databricks cannot say \u0027loose_float\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ({{ column }}) RLIKE '^[ \\t\\n\\x0B\\f\\r]*[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?[ \\t\\n\\x0B\\f\\r]*\\z' AND ABS(TRY_CAST(({{ column }}) AS DOUBLE)) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST(({{ column }}) AS DOUBLE) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__number_in(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('number_in', 'trino cannot say \u0027loose_float\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__number_in(form, column) -%}{{ sanitizer.no_such_adapter('number_in') }}{%- endmacro %}
