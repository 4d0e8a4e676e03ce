{# The rows of a relation that break a pinned contract, as the text of one SELECT. #}
{% macro contract_sql(relation, contract, version=none, level='error') -%}
  {%- if not execute -%}
    {{ return(sanitizer.nothing_yet()) }}
  {%- endif -%}
  {%- if level not in ('error', 'warning') -%}
    {{ exceptions.raise_compiler_error("sanitizer: 'level' is error or warning, not '" ~ level ~ "'.") }}
  {%- endif -%}
  {%- set pin = sanitizer.pinned('contract', contract, version) -%}
  {%- set there = sanitizer.columns_there(relation) -%}
  {%- set broken = sanitizer.broken_columns(pin, there) if there else [] -%}
  {%- if broken -%}
    {{ return(sanitizer.broken_rows(broken, level)) }}
  {%- endif -%}
  {%- set types = adapter.dispatch('sanitizer_contract', 'sanitizer')(pin.macro, 'types', none) -%}
  {%- set read = sanitizer.reading(relation, contract, pin, types, there) -%}
  {%- set rows = adapter.dispatch('sanitizer_contract', 'sanitizer')(pin.macro, 'rows', read.source) -%}
  {{ return(rows if level == 'warning' else "select * from (\n" ~ rows ~ "\n) as broken where severity = 'error'") }}
{%- endmacro %}

{# What is broken before a row is read: missing and mistyped columns, and further ones where the contract is strict. #}
{% macro broken_columns(pin, there) -%}
  {%- set found = {} -%}
  {%- for column in there -%}
    {%- do found.update({column.name | lower: column}) -%}
  {%- endfor -%}
  {%- set broken = [] -%}
  {%- for name, kind in pin.columns.items() -%}
    {%- set column = found.pop(name | lower, none) -%}
    {%- if column is none -%}
      {%- do broken.append([name, name ~ '.required: ' ~ name ~ ' is missing', pin.severities[name]]) -%}
    {%- elif not sanitizer.goes_into(sanitizer.kind_of(column), kind) -%}
      {%- do broken.append([name, name ~ '.dtype: ' ~ name ~ ' must be ' ~ kind ~ ', and is ' ~ column.data_type, 'error']) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if pin.strict -%}
    {%- for column in found.values() -%}
      {%- do broken.append([column.name, 'table.strict: ' ~ column.name ~ ' is not in the contract', 'error']) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(broken) }}
{%- endmacro %}

{# A row for each of them. #}
{% macro broken_rows(broken, level) -%}
  {%- set rows = [] -%}
  {%- for name, reason, severity in broken -%}
    {%- set texts = [] -%}
    {%- for text in (reason, name, severity) -%}
      {%- do texts.append(dbt.string_literal(dbt.escape_single_quotes(text))) -%}
    {%- endfor -%}
    {%- do rows.append('select ' ~ texts[0] ~ ' as reasons, ' ~ texts[1] ~ ' as failed_columns, ' ~ texts[2] ~ ' as severity') -%}
  {%- endfor -%}
  {{ return("select * from (\n" ~ rows | join("\nunion all\n") ~ "\n) as broken" ~ ("" if level == 'warning' else " where severity = 'error'")) }}
{%- endmacro %}

{# A project's `sanitizer dbt sync` writes a macro of this name, which is found before this one. #}
{% macro default__sanitizer_contract(name, what, source) -%}
  {{ return('') }}
{%- endmacro %}
