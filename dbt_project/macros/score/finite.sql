{# A double that is a number and not infinite, else null. Written by 'make macros' from the compiler. #}
{% macro finite(column) -%}
  {%- set form = adapter.dispatch('finite', 'sanitizer')('only', column) | trim -%}
  {{ form }}
{%- endmacro %}

{% macro duckdb__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ISFINITE(({{ column }})) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ABS(({{ column }})) < CAST('Infinity' AS DOUBLE PRECISION) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__finite(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('finite', 'snowflake cannot say \u0027finite\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__finite(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('finite', 'bigquery cannot say \u0027finite\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__finite(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('finite', 'redshift cannot say \u0027finite\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__finite(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('finite', 'databricks cannot say \u0027finite\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ABS(({{ column }})) < CAST('Infinity' AS DOUBLE) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__finite(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('finite', 'trino cannot say \u0027finite\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__finite(form, column) -%}{{ sanitizer.no_such_adapter('finite') }}{%- endmacro %}
