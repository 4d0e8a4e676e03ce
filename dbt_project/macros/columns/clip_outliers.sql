{# A number no less than 'low' and no greater than 'high'; null and NaN stay. 'type' is float or integer. Written by 'make macros' from the compiler. #}
{% macro clip_outliers(column, low=none, high=none, type='float') -%}
  {%- set form = adapter.dispatch('clip_outliers', 'sanitizer')(type ~ ' ' ~ ('both' if low is not none and high is not none else 'low' if low is not none else 'high'), column, low, high, type) | trim -%}
  {{ form }}
{%- endmacro %}

{% macro duckdb__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT (ISNAN(({{ column }}))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT (ISNAN(({{ column }}))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE PRECISION) THEN CAST({{ low }} AS DOUBLE PRECISION) WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE PRECISION) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE PRECISION))) THEN CAST({{ high }} AS DOUBLE PRECISION) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE PRECISION) THEN CAST({{ low }} AS DOUBLE PRECISION) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE PRECISION) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE PRECISION))) THEN CAST({{ high }} AS DOUBLE PRECISION) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS FLOAT64) THEN CAST({{ low }} AS FLOAT64) WHEN ({{ column }}) > CAST({{ high }} AS FLOAT64) AND NOT (IS_NAN(({{ column }}))) THEN CAST({{ high }} AS FLOAT64) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS FLOAT64) THEN CAST({{ low }} AS FLOAT64) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS FLOAT64) AND NOT (IS_NAN(({{ column }}))) THEN CAST({{ high }} AS FLOAT64) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE PRECISION) THEN CAST({{ low }} AS DOUBLE PRECISION) WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE PRECISION) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE PRECISION))) THEN CAST({{ high }} AS DOUBLE PRECISION) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE PRECISION) THEN CAST({{ low }} AS DOUBLE PRECISION) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE PRECISION) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE PRECISION))) THEN CAST({{ high }} AS DOUBLE PRECISION) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT ((({{ column }}) = CAST('NaN' AS DOUBLE))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__clip_outliers(form, column, low, high, type) -%}
{%- if form == 'float both' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT (IS_NAN(({{ column }}))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'float low' -%}CASE WHEN ({{ column }}) < CAST({{ low }} AS DOUBLE) THEN CAST({{ low }} AS DOUBLE) WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'float high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > CAST({{ high }} AS DOUBLE) AND NOT (IS_NAN(({{ column }}))) THEN CAST({{ high }} AS DOUBLE) ELSE ({{ column }}) END
{%- elif form == 'integer both' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- elif form == 'integer low' -%}CASE WHEN ({{ column }}) < {{ low }} THEN {{ low }} WHEN FALSE THEN NULL ELSE ({{ column }}) END
{%- elif form == 'integer high' -%}CASE WHEN FALSE THEN NULL WHEN ({{ column }}) > {{ high }} THEN {{ high }} ELSE ({{ column }}) END
{%- else -%}{{ sanitizer.no_such_form('clip_outliers', form, ['float both', 'float low', 'float high', 'integer both', 'integer low', 'integer high']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__clip_outliers(form, column, low, high, type) -%}{{ sanitizer.no_such_adapter('clip_outliers') }}{%- endmacro %}
