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
{%- set part_1 -%}(CASE WHEN LEFT(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})), 1) = '-' THEN '-0' ELSE '0' END AS DOUBLE PRECISION){%- endset -%}
{%- if form == 'only' -%}(CASE WHEN ({{ column }}) ~ '^[ \t-\r]*[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?[ \t-\r]*$' THEN CASE WHEN LENGTH(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }}))) < 300 AND POSITION('e' IN LOWER(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})))) = 0 THEN CAST(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})) AS DOUBLE PRECISION) WHEN LENGTH(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }}))) > 5000 THEN NULL WHEN COALESCE(LENGTH(TRIM(LEADING '0' FROM SUBSTRING(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})) FROM '[eE][+-]?([0-9]+)$'))), 0) > 4 THEN CASE WHEN TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})) ~ '[1-9].*[eE]' AND NOT TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})) ~ '[eE]-' THEN NULL ELSE CAST{{ part_1 }} END WHEN ABS(CAST(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})) AS DECIMAL)) <= 2.4703282292062328e-324 THEN CAST{{ part_1 }} WHEN ABS(CAST(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})) AS DECIMAL)) < 1.79769313486231580793728971405303e308 THEN CAST(TRIM(' 	{{ '\n' }}{{ '\r' }}' FROM ({{ column }})) AS DOUBLE PRECISION) END END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN REGEXP_LIKE(({{ column }}), '^([\t-\r    -     　]*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([Ee][+-]?[0-9]+)?[\t-\r    -     　]*)$') AND NOT TRY_TO_DOUBLE(TRIM(({{ column }}), '\t\n\x0b\f\r                  　')) IN (CAST('NaN' AS DOUBLE), CAST('inf' AS DOUBLE), CAST('-inf' AS DOUBLE)) THEN TRY_TO_DOUBLE(TRIM(({{ column }}), '\t\n\x0b\f\r                  　')) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN REGEXP_CONTAINS(({{ column }}), '^(?:[\t\n\v\f\r                  　]*[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?[\t\n\v\f\r                  　]*)$') AND NOT (IS_NAN(SAFE_CAST(TRIM(({{ column }}), '\t\n\v\f\r                  　') AS FLOAT64)) OR IS_INF(SAFE_CAST(TRIM(({{ column }}), '\t\n\v\f\r                  　') AS FLOAT64))) THEN SAFE_CAST(TRIM(({{ column }}), '\t\n\v\f\r                  　') AS FLOAT64) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ({{ column }}) ~ '^(([\t-\r ]|| | | | | | | | | | | | | | | | | |　)*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([Ee][+-]?[0-9]+)?([\t-\r ]|| | | | | | | | | | | | | | | | | |　)*)$' AND NOT TRY_CAST(TRIM('\t\n\013\f\r                  　' FROM ({{ column }})) AS DOUBLE PRECISION) IN (CAST('NaN' AS DOUBLE PRECISION), CAST('Infinity' AS DOUBLE PRECISION), CAST('-Infinity' AS DOUBLE PRECISION)) THEN TRY_CAST(TRIM('\t\n\013\f\r                  　' FROM ({{ column }})) AS DOUBLE PRECISION) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN REGEXP_LIKE(({{ column }}), '^[ \\t\\n\\x0B\\f\\r]*[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?[ \\t\\n\\x0B\\f\\r]*\\z') AND ABS(TRY_CAST(({{ column }}) AS DOUBLE)) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST(({{ column }}) AS DOUBLE) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN ({{ column }}) RLIKE '^[ \\t\\n\\x0B\\f\\r]*[+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?[ \\t\\n\\x0B\\f\\r]*\\z' AND ABS(TRY_CAST(({{ column }}) AS DOUBLE)) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST(({{ column }}) AS DOUBLE) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__number_in(form, column) -%}
{%- if form == 'only' -%}(CASE WHEN REGEXP_LIKE(({{ column }}), '\A(?:[	-{{ '\r' }}    -     　]*[+\-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+\-]?[0-9]+)?[	-{{ '\r' }}    -     　]*)\z') AND IS_FINITE(TRY_CAST(TRIM(BOTH '	{{ '\n' }}{{ '\r' }}                  　' FROM ({{ column }})) AS DOUBLE)) THEN TRY_CAST(TRIM(BOTH '	{{ '\n' }}{{ '\r' }}                  　' FROM ({{ column }})) AS DOUBLE) END)
{%- else -%}{{ sanitizer.no_such_form('number_in', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__number_in(form, column) -%}{{ sanitizer.no_such_adapter('number_in') }}{%- endmacro %}
