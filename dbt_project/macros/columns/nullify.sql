{# Null where the text only stands for a missing value: 'n/a', '-', '?', 'null', blank and the like. Written by 'make macros' from the compiler. #}
{% macro nullify(column, also=[], keep=[]) -%}
  {%- set usual = ['', '-', '--', '---', '\u2014', '.', '..', '...', '?', '??', '???', 'n/a', '\u0023n/a', '<n/a>', 'n.a.', 'n.a', 'na', '<na>', '\u0023na', 'null', '(null)', '<null>', '\u0023null!', '\u005cn', 'none', '(none)', '<none>', 'nil', 'nan', 'nat', '(blank)'] -%}
  {%- set kept = keep | map('string') | map('trim') | map('lower') | list -%}
  {%- set tokens = (usual + also | map('string') | map('trim') | map('lower') | list) | reject('in', kept) -%}
  {%- set words = [] -%}
  {%- for token in tokens -%}
    {%- do words.append(sanitizer.text_literal(token)) -%}
  {%- endfor -%}
  {%- set form = adapter.dispatch('nullify', 'sanitizer')('folded', column, also, keep) | trim -%}
  case when {{ form }} in ({{ words | join(', ') }}) then null else {{ column }} end
{%- endmacro %}

{% macro duckdb__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}LOWER(REGEXP_REPLACE(({{ column }}), '^[	{{ '\n' }}{{ '\r' }}                  　]+|[	{{ '\n' }}{{ '\r' }}                  　]+$', '', 'g'))
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro postgres__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}{{ sanitizer.cannot_say('nullify', 'postgres cannot say \u0027strip\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro snowflake__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}{{ sanitizer.cannot_say('nullify', 'snowflake cannot say \u0027strip\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro bigquery__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}{{ sanitizer.cannot_say('nullify', 'bigquery cannot say \u0027strip\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro redshift__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}{{ sanitizer.cannot_say('nullify', 'redshift cannot say \u0027strip\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro databricks__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}{{ sanitizer.cannot_say('nullify', 'databricks cannot say \u0027strip\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro spark__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}(CASE WHEN TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})) RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN ARRAY_JOIN(TRANSFORM(REGEXP_EXTRACT_ALL(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), '(?s).', 0), c -> CASE WHEN c RLIKE '[ᲉꟋꟌ꟎꟒꟔ꟚꟜ𐵐-𐵥𖺠-𖺸]' THEN c ELSE LOWER(TRANSLATE(c, 'İΣ', 'iσ')) END), '') ELSE LOWER(TRANSLATE(TRIM(BOTH '\t\n\013\014\r                  　' FROM ({{ column }})), 'İΣ', 'iσ')) END)
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro trino__nullify(form, column, also, keep) -%}
{%- if form == 'folded' -%}{{ sanitizer.cannot_say('nullify', 'trino cannot say \u0027strip\u0027') }}
{%- else -%}{{ sanitizer.no_such_form('nullify', form, ['folded']) }}
{%- endif -%}
{%- endmacro %}

{% macro default__nullify(form, column, also, keep) -%}{{ sanitizer.no_such_adapter('nullify') }}{%- endmacro %}
