{# True for true, t, yes, y, on and 1, false for false, f, no, n, off and 0, whatever their case; else null. Written by 'make macros' from the compiler. #}
{% macro to_boolean(column) -%}
  {%- set form = adapter.dispatch('to_boolean', 'sanitizer')('words', column) | trim -%}
  {{ form }}
{%- endmacro %}

{% macro duckdb__to_boolean(form, column) -%}
{%- if form == 'words' -%}CASE WHEN (ARRAY_CONTAINS(STR_SPLIT('true{{ '\n' }}t{{ '\n' }}yes{{ '\n' }}y{{ '\n' }}on{{ '\n' }}1', CHR(10)), LOWER(({{ column }})))) THEN TRUE WHEN (ARRAY_CONTAINS(STR_SPLIT('false{{ '\n' }}f{{ '\n' }}no{{ '\n' }}n{{ '\n' }}off{{ '\n' }}0', CHR(10)), LOWER(({{ column }})))) THEN FALSE ELSE LIST_TRANSFORM([LOWER(REGEXP_REPLACE(({{ column }}), '^[	{{ '\n' }}{{ '\r' }}                  　]+|[	{{ '\n' }}{{ '\r' }}                  　]+$', '', 'g'))], LAMBDA "@it" : CASE WHEN (ARRAY_CONTAINS(STR_SPLIT('true{{ '\n' }}t{{ '\n' }}yes{{ '\n' }}y{{ '\n' }}on{{ '\n' }}1', CHR(10)), "@it")) THEN TRUE WHEN (ARRAY_CONTAINS(STR_SPLIT('false{{ '\n' }}f{{ '\n' }}no{{ '\n' }}n{{ '\n' }}off{{ '\n' }}0', CHR(10)), "@it")) THEN FALSE END)[1] END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__to_boolean(form, column) -%}
{%- if form == 'words' -%}{{ sanitizer.cannot_say('to_boolean', 'postgres cannot say \u0027among\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__to_boolean(form, column) -%}
{%- if form == 'words' -%}{{ sanitizer.cannot_say('to_boolean', 'snowflake cannot say \u0027lower\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__to_boolean(form, column) -%}
{%- if form == 'words' -%}{{ sanitizer.cannot_say('to_boolean', 'bigquery cannot say \u0027lower\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__to_boolean(form, column) -%}
{%- if form == 'words' -%}{{ sanitizer.cannot_say('to_boolean', 'redshift cannot say \u0027lower\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__to_boolean(form, column) -%}
{%- if form == 'words' -%}{{ sanitizer.cannot_say('to_boolean', 'databricks cannot say \u0027lower\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__to_boolean(form, column) -%}
{%- if form == 'words' -%}CASE WHEN (ARRAY_CONTAINS(SPLIT('true\nt\nyes\ny\non\n1', '\n'), ((CASE WHEN ({{ column }}) RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(({{ column }}), '(?s).', 0), c -> CASE WHEN c RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) END)))) THEN TRUE WHEN (ARRAY_CONTAINS(SPLIT('false\nf\nno\nn\noff\n0', '\n'), ((CASE WHEN ({{ column }}) RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(({{ column }}), '(?s).', 0), c -> CASE WHEN c RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(({{ column }}), 'İΣ', 'iσ')) END)))) THEN FALSE ELSE TRANSFORM(ARRAY(((CASE WHEN TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})) RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), '(?s).', 0), c -> CASE WHEN c RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), 'İΣ', 'iσ')) END))), `@it` -> CASE WHEN (ARRAY_CONTAINS(SPLIT('true\nt\nyes\ny\non\n1', '\n'), `@it`)) THEN TRUE WHEN (ARRAY_CONTAINS(SPLIT('false\nf\nno\nn\noff\n0', '\n'), `@it`)) THEN FALSE END)[0] END
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__to_boolean(form, column) -%}
{%- if form == 'words' -%}{{ sanitizer.cannot_say('to_boolean', 'trino cannot say \u0027lower\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('to_boolean', form, ['words']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__to_boolean(form, column) -%}{{ sanitizer.no_such_adapter('to_boolean') }}{%- endmacro %}
