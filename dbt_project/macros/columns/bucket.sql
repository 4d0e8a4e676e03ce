{# The label of the range that a number is in. `edges` are numbers in rising order, none for no end; each range holds its
   left edge, and the last one its right edge too. Null, NaN and what is outside become null, or `outside`. #}
{% macro bucket(column, edges, labels, outside=none) -%}
  {%- if labels | length != edges | length - 1 -%}
    {{ sanitizer.refuse("sanitizer.bucket: " ~ (edges | length - 1) ~ " ranges need as many labels, got " ~ labels | length ~ ".") }}
  {%- endif -%}
  {%- set number = 'cast(' ~ column ~ ' as ' ~ sanitizer.double_type() ~ ')' -%}
  {%- set ranges = [] -%}
  {%- for label in labels -%}
    {%- set low = edges[loop.index0] -%}
    {%- set high = edges[loop.index] -%}
    {%- set bounds = [] -%}
    {%- do bounds.append(number ~ ' >= ' ~ low) if low is not none -%}
    {%- do bounds.append(number ~ (' <= ' if loop.last else ' < ') ~ high) if high is not none -%}
    {%- do ranges.append('when ' ~ (bounds | join(' and ') or '1 = 1') ~ ' then ' ~ sanitizer.text_literal(label)) -%}
  {%- endfor -%}
  {%- set otherwise = 'null' if outside is none else sanitizer.text_literal(outside) -%}
  {{ return('case when ' ~ column ~ ' is null or ' ~ sanitizer.is_nan(number) ~ ' then null ' ~ ranges | join(' ') ~ ' else ' ~ otherwise ~ ' end') }}
{%- endmacro %}

{# Whether a double is no number: some databases take NaN for greater than all, some for unequal to itself. #}
{% macro is_nan(number) -%}
  {{ return(adapter.dispatch('is_nan', 'sanitizer')(number)) }}
{%- endmacro %}

{% macro default__is_nan(number) -%}
  {{ return(number ~ " = cast('NaN' as " ~ sanitizer.double_type() ~ ")") }}
{%- endmacro %}

{% macro bigquery__is_nan(number) -%}
  {{ return('is_nan(' ~ number ~ ')') }}
{%- endmacro %}

{% macro trino__is_nan(number) -%}
  {{ return('is_nan(' ~ number ~ ')') }}
{%- endmacro %}
