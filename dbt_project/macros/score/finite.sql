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
{%- if form == 'only' -%}(CASE WHEN NOT ({{ column }}) IN (CAST('NaN' AS DOUBLE), CAST('inf' AS DOUBLE), CAST('-inf' AS DOUBLE)) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN NOT (IS_NAN(({{ column }})) OR IS_INF(({{ column }}))) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN NOT ({{ column }}) IN (CAST('NaN' AS DOUBLE PRECISION), CAST('Infinity' AS DOUBLE PRECISION), CAST('-Infinity' AS DOUBLE PRECISION)) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ABS(({{ column }})) < CAST('Infinity' AS DOUBLE) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ABS(({{ column }})) < CAST('Infinity' AS DOUBLE) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__finite(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN IS_FINITE(({{ column }})) THEN ({{ column }}) END)
{%- else -%}{{ sanitizer.no_such_form('finite', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__finite(form, column) -%}{{ sanitizer.no_such_adapter('finite') }}{%- endmacro %}
