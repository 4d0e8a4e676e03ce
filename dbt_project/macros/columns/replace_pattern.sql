{# The text with every part that fits a regular expression replaced. The pattern is read as in recipes: `.` is all but a
   line feed, `\d` `\w` and `\s` are digits, signs of ASCII words and white space; groups are `\1` in the replacement.
   What engines read differently (lazy repeats, looking around, `\b`) is refused. #}
{% macro replace_pattern(column, pattern, replacement='') -%}
  {{ return(adapter.dispatch('replace_pattern', 'sanitizer')(column, sanitizer.plain_pattern(pattern), replacement)) }}
{%- endmacro %}

{# The pattern without what engines read differently. #}
{% macro plain_pattern(pattern) -%}
  {%- set known = {'d': '0-9', 'w': '0-9A-Za-z_', 's': '\t\n\u000b\u000c\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000'} -%}
  {%- for refused in ['(?', '*?', '+?', '??', '}?', '[[', '\\b', '\\B', '*+', '++', '}+'] -%}
    {%- if refused in pattern -%}
      {{ sanitizer.refuse("sanitizer.replace_pattern: '" ~ refused ~ "' does not mean the same on every engine; a recipe's replace_pattern says what to write.") }}
    {%- endif -%}
  {%- endfor -%}
  {%- set state = namespace(text='', escaped=false, inside=false) -%}
  {%- for sign in pattern -%}
    {%- if state.escaped -%}
      {%- set state.escaped = false -%}
      {%- if sign in known -%}
        {%- set state.text = state.text ~ (known[sign] if state.inside else '[' ~ known[sign] ~ ']') -%}
      {%- elif sign.isalnum() -%}
        {{ sanitizer.refuse("sanitizer.replace_pattern: '\\" ~ sign ~ "' does not mean the same on every engine.") }}
      {%- else -%}
        {%- set state.text = state.text ~ '\\' ~ sign -%}
      {%- endif -%}
    {%- elif sign == '\\' -%}
      {%- set state.escaped = true -%}
    {%- elif sign == '.' and not state.inside -%}
      {%- set state.text = state.text ~ '[^\n]' -%}
    {%- else -%}
      {%- set state.inside = (sign == '[') or (state.inside and sign != ']') -%}
      {%- set state.text = state.text ~ sign -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(state.text) }}
{%- endmacro %}

{% macro default__replace_pattern(column, pattern, replacement) -%}
  {{ return(sanitizer.no_such_adapter('replace_pattern')) }}
{%- endmacro %}

{% macro duckdb__replace_pattern(column, pattern, replacement) -%}
  {{ return('regexp_replace(' ~ column ~ ', ' ~ sanitizer.text_literal(pattern) ~ ', ' ~ sanitizer.text_literal(replacement) ~ ", 'g')") }}
{%- endmacro %}

{% macro postgres__replace_pattern(column, pattern, replacement) -%}
  {{ return('regexp_replace(' ~ column ~ ', ' ~ sanitizer.text_literal(pattern) ~ ', ' ~ sanitizer.text_literal(replacement) ~ ", 'g')") }}
{%- endmacro %}

{# Java writes groups as $1, and its $ also stands before a last line feed. #}
{% macro spark__replace_pattern(column, pattern, replacement) -%}
  {%- set ended = pattern[:-1] ~ '\\z' if pattern.endswith('$') and not pattern.endswith('\\$') else pattern -%}
  {%- set groups = replacement | replace('$', '\\$') -%}
  {%- set texts = namespace(replacement=groups) -%}
  {%- for number in range(10) -%}
    {%- set texts.replacement = texts.replacement | replace('\\' ~ number, '$' ~ number) -%}
  {%- endfor -%}
  {{ return('regexp_replace(' ~ column ~ ', ' ~ sanitizer.java_literal(ended) ~ ', ' ~ sanitizer.java_literal(texts.replacement) ~ ')') }}
{%- endmacro %}

{% macro databricks__replace_pattern(column, pattern, replacement) -%}
  {{ return(sanitizer.spark__replace_pattern(column, pattern, replacement)) }}
{%- endmacro %}

{# A constant in which a backslash is written twice. #}
{% macro java_literal(text) -%}
  {{ return("'" ~ text | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}
