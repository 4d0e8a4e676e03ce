{# The shape of a text, such as integer, date or e-mail. Written by 'make macros' from the compiler. #}
{% macro shape_of(column) -%}
  {%- set form = adapter.dispatch('shape_of', 'sanitizer')('only', column) | trim -%}
  {{ form }}
{%- endmacro %}

{% macro duckdb__shape_of(form, column) -%}
{%- if form == 'only' -%}CASE WHEN ({{ column }}) IS NULL THEN NULL WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (REGEXP_MATCHES(({{ column }}), '^(?:[+\-]?[0-9]+)$')) THEN 'integer' WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (REGEXP_MATCHES(({{ column }}), '^(?:[+\-]?[0-9]*[,.][0-9]+|[+\-]?[0-9]{1,3}(?:[ '',.][0-9]{3})+(?:[,.][0-9]+)?|[+\-]?[.0-9]+[Ee][+\-]?[0-9]+)$')) THEN 'number' WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (REGEXP_MATCHES(({{ column }}), '^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][.0-:]+(?:Z|[+\-][0-:]+)?)?)$')) THEN 'date' WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (REGEXP_MATCHES(({{ column }}), '^(?:[0-9]{1,4}[\--/][0-9]{1,2}[\--/][0-9]{1,4}(?: [0-:]+)?)$')) THEN 'other date' WHEN ((({{ column }}) >= '$' AND ({{ column }}) < ':') OR ({{ column }}) >= '£') AND (REGEXP_MATCHES(({{ column }}), '^(?:[$£¥€][	-{{ '\r' }}    -     　]?[,.0-9]+|[,.0-9]+[	-{{ '\r' }}    -     　]?(?:[$%£¥€]|[A-Za-z]{1,4}\.?))$')) THEN 'amount' WHEN CONTAINS(({{ column }}), '@') AND (REGEXP_MATCHES(({{ column }}), '^(?:[^	-{{ '\r' }} @   -     　]+@[^	-{{ '\r' }} @   -     　]+\.[^	-{{ '\r' }} .@   -     　]+)$')) THEN 'e-mail' WHEN (STARTS_WITH(({{ column }}), 'http') OR STARTS_WITH(({{ column }}), 'www')) AND (REGEXP_MATCHES(({{ column }}), '^(?:https?://[^	-{{ '\r' }}    -     　]+|www\.[^	-{{ '\r' }}    -     　]+)$')) THEN 'address' WHEN STARTS_WITH(({{ column }}), ' ') OR SUFFIX(({{ column }}), ' ') THEN 'padded text' ELSE 'text' END
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__shape_of(form, column) -%}
{%- if form == 'only' -%}CASE WHEN ({{ column }}) IS NULL THEN NULL WHEN ((({{ column }}) COLLATE "C") >= '$' AND (({{ column }}) COLLATE "C") < ':') AND (({{ column }}) ~ '^(?:[+\-]?[0-9]+)$') THEN 'integer' WHEN ((({{ column }}) COLLATE "C") >= '$' AND (({{ column }}) COLLATE "C") < ':') AND (({{ column }}) ~ '^(?:[+\-]?[0-9]*[,.][0-9]+|[+\-]?[0-9]{1,3}(?:[ '',.][0-9]{3})+(?:[,.][0-9]+)?|[+\-]?[.0-9]+[Ee][+\-]?[0-9]+)$') THEN 'number' WHEN ((({{ column }}) COLLATE "C") >= '$' AND (({{ column }}) COLLATE "C") < ':') AND (({{ column }}) ~ '^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][.0-:]+(?:Z|[+\-][0-:]+)?)?)$') THEN 'date' WHEN ((({{ column }}) COLLATE "C") >= '$' AND (({{ column }}) COLLATE "C") < ':') AND (({{ column }}) ~ '^(?:[0-9]{1,4}[\--/][0-9]{1,2}[\--/][0-9]{1,4}(?: [0-:]+)?)$') THEN 'other date' WHEN (((({{ column }}) COLLATE "C") >= '$' AND (({{ column }}) COLLATE "C") < ':') OR (({{ column }}) COLLATE "C") >= '£') AND (({{ column }}) ~ '^(?:[$£¥€][	-{{ '\r' }}    -     　]?[,.0-9]+|[,.0-9]+[	-{{ '\r' }}    -     　]?(?:[$%£¥€]|[A-Za-z]{1,4}\.?))$') THEN 'amount' WHEN (POSITION('@' IN ({{ column }})) > 0) AND (({{ column }}) ~ '^(?:[^	-{{ '\r' }} @   -     　]+@[^	-{{ '\r' }} @   -     　]+\.[^	-{{ '\r' }} .@   -     　]+)$') THEN 'e-mail' WHEN (STARTS_WITH(({{ column }}), 'http') OR STARTS_WITH(({{ column }}), 'www')) AND (({{ column }}) ~ '^(?:https?://[^	-{{ '\r' }}    -     　]+|www\.[^	-{{ '\r' }}    -     　]+)$') THEN 'address' WHEN STARTS_WITH(({{ column }}), ' ') OR (RIGHT(({{ column }}), LENGTH(' ')) = ' ') THEN 'padded text' ELSE 'text' END
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__shape_of(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('shape_of', 'snowflake cannot say \u0027in_code_points\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__shape_of(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('shape_of', 'bigquery cannot say \u0027in_code_points\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__shape_of(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('shape_of', 'redshift cannot say \u0027in_code_points\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__shape_of(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('shape_of', 'databricks cannot say \u0027in_code_points\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__shape_of(form, column) -%}
{%- if form == 'only' -%}CASE WHEN ({{ column }}) IS NULL THEN NULL WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (({{ column }}) RLIKE '^(?:[+\\-]?[0-9]+)\\z') THEN 'integer' WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (({{ column }}) RLIKE '^(?:[+\\-]?[0-9]*[,.][0-9]+|[+\\-]?[0-9]{1,3}(?:[ \',.][0-9]{3})+(?:[,.][0-9]+)?|[+\\-]?[.0-9]+[Ee][+\\-]?[0-9]+)\\z') THEN 'number' WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (({{ column }}) RLIKE '^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][.0-:]+(?:Z|[+\\-][0-:]+)?)?)\\z') THEN 'date' WHEN (({{ column }}) >= '$' AND ({{ column }}) < ':') AND (({{ column }}) RLIKE '^(?:[0-9]{1,4}[\\--/][0-9]{1,2}[\\--/][0-9]{1,4}(?: [0-:]+)?)\\z') THEN 'other date' WHEN ((({{ column }}) >= '$' AND ({{ column }}) < ':') OR ({{ column }}) >= '£') AND (({{ column }}) RLIKE '^(?:[$£¥€][\t-\r    -     　]?[,.0-9]+|[,.0-9]+[\t-\r    -     　]?(?:[$%£¥€]|[A-Za-z]{1,4}\\.?))\\z') THEN 'amount' WHEN CONTAINS(({{ column }}), '@') AND (({{ column }}) RLIKE '^(?:[^\t-\r @   -     　]+@[^\t-\r @   -     　]+\\.[^\t-\r .@   -     　]+)\\z') THEN 'e-mail' WHEN (STARTSWITH(({{ column }}), 'http') OR STARTSWITH(({{ column }}), 'www')) AND (({{ column }}) RLIKE '^(?:https?://[^\t-\r    -     　]+|www\\.[^\t-\r    -     　]+)\\z') THEN 'address' WHEN STARTSWITH(({{ column }}), ' ') OR ENDSWITH(({{ column }}), ' ') THEN 'padded text' ELSE 'text' END
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__shape_of(form, column) -%}
{%- if form == 'only' -%}{{ sanitizer.cannot_say('shape_of', 'trino cannot say \u0027in_code_points\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('shape_of', form, ['only']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__shape_of(form, column) -%}{{ sanitizer.no_such_adapter('shape_of') }}{%- endmacro %}
