{# Text hidden behind a mark (redact), or behind stars but for its last characters (keep_last); null stays. Written by 'make macros' from the compiler. #}
{% macro mask(column, method='redact', mark='***', keep=4) -%}
  {%- set form = adapter.dispatch('mask', 'sanitizer')(method, column, method, mark, keep) | trim -%}
  {{ form }}
{%- endmacro %}

{% macro duckdb__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN LENGTH(({{ column }})) <= {{ keep }} THEN CONCAT(REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - 0)), RIGHT(({{ column }}), LEAST(0, LENGTH(({{ column }}))))) ELSE CONCAT(REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - {{ keep }})), RIGHT(({{ column }}), LEAST({{ keep }}, LENGTH(({{ column }}))))) END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN CAST(LENGTH(({{ column }})) AS BIGINT) <= {{ keep }} THEN CONCAT(REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - CAST(0 AS INT))), RIGHT(({{ column }}), LEAST(CAST(0 AS INT), LENGTH(({{ column }}))))) ELSE CONCAT(REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - CAST({{ keep }} AS INT))), RIGHT(({{ column }}), LEAST(CAST({{ keep }} AS INT), LENGTH(({{ column }}))))) END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN LENGTH(({{ column }})) <= {{ keep }} THEN (REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - 0)) || RIGHT(({{ column }}), LEAST(0, LENGTH(({{ column }}))))) ELSE (REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - {{ keep }})) || RIGHT(({{ column }}), LEAST({{ keep }}, LENGTH(({{ column }}))))) END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN CHAR_LENGTH(({{ column }})) <= {{ keep }} THEN CONCAT(REPEAT('*', GREATEST(0, CHAR_LENGTH(({{ column }})) - 0)), RIGHT(({{ column }}), LEAST(0, CHAR_LENGTH(({{ column }}))))) ELSE CONCAT(REPEAT('*', GREATEST(0, CHAR_LENGTH(({{ column }})) - {{ keep }})), RIGHT(({{ column }}), LEAST({{ keep }}, CHAR_LENGTH(({{ column }}))))) END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN CAST(LENGTH(({{ column }})) AS BIGINT) <= {{ keep }} THEN (REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - 0)) || RIGHT(({{ column }}), LEAST(0, LENGTH(({{ column }}))))) ELSE (REPEAT('*', GREATEST(0, LENGTH(({{ column }})) - {{ keep }})) || RIGHT(({{ column }}), LEAST({{ keep }}, LENGTH(({{ column }}))))) END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN CAST(LENGTH(({{ column }})) AS BIGINT) <= {{ keep }} THEN COALESCE(CONCAT(REPEAT('*', CAST(GREATEST(0, LENGTH(({{ column }})) - 0) AS INT)), RIGHT(({{ column }}), CAST(LEAST(0, LENGTH(({{ column }}))) AS INT))), '') ELSE COALESCE(CONCAT(REPEAT('*', CAST(GREATEST(0, LENGTH(({{ column }})) - {{ keep }}) AS INT)), RIGHT(({{ column }}), CAST(LEAST({{ keep }}, LENGTH(({{ column }}))) AS INT))), '') END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN CAST(LENGTH(({{ column }})) AS BIGINT) <= {{ keep }} THEN COALESCE(CONCAT(REPEAT('*', CAST(GREATEST(0, LENGTH(({{ column }})) - 0) AS INT)), RIGHT(({{ column }}), CAST(LEAST(0, LENGTH(({{ column }}))) AS INT))), '') ELSE COALESCE(CONCAT(REPEAT('*', CAST(GREATEST(0, LENGTH(({{ column }})) - {{ keep }}) AS INT)), RIGHT(({{ column }}), CAST(LEAST({{ keep }}, LENGTH(({{ column }}))) AS INT))), '') END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__mask(form, column, method, mark, keep) -%}
{%- if form == 'redact' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN {{ sanitizer.text_literal(mark) }} END
{%- elif form == 'keep_last' -%}CASE WHEN NOT ({{ column }}) IS NULL THEN CASE WHEN LENGTH(({{ column }})) <= {{ keep }} THEN (LPAD('', GREATEST(0, LENGTH(({{ column }})) - 0), '*') || SUBSTR(({{ column }}), GREATEST(LENGTH(({{ column }})) - 0, 0) + 1)) ELSE (LPAD('', GREATEST(0, LENGTH(({{ column }})) - {{ keep }}), '*') || SUBSTR(({{ column }}), GREATEST(LENGTH(({{ column }})) - {{ keep }}, 0) + 1)) END END
{%- else -%}{{ sanitizer.no_such_form('mask', form, ['redact', 'keep_last']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__mask(form, column, method, mark, keep) -%}{{ sanitizer.no_such_adapter('mask') }}{%- endmacro %}
