{# From what a relation holds to what the recipe reads: the source, further columns, and whether texts are read first. #}
{% macro reading(relation, recipe, pin, types, there, where=none) -%}
  {%- set condition = '' if where is none else ' where ' ~ where -%}
  {%- if not there -%}
    {{ return({'mode': pin.modes[0], 'further': '', 'source': '(select * from ' ~ relation ~ condition ~ ') as sanitizer_source'}) }}
  {%- endif -%}
  {%- set found = sanitizer.matched(recipe, pin, there) -%}
  {%- set mode = sanitizer.mode_of(relation, recipe, pin, found) -%}
  {%- set items = [] -%}
  {%- for name, kind in pin.columns.items() -%}
    {%- set held = sanitizer.quoted(found[name].name) -%}
    {%- set wanted = types[name] if mode == 'typed' else sanitizer.text_type() -%}
    {%- if kind != 'other' and found[name].data_type | lower != wanted | lower -%}
      {%- do items.append('cast(' ~ held ~ ' as ' ~ wanted ~ ') as ' ~ sanitizer.quoted(name)) -%}
    {%- else -%}
      {%- do items.append(held ~ ' as ' ~ sanitizer.quoted(name)) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- set further = sanitizer.further_columns(recipe, pin, there, found) -%}
  {%- set source = '(select ' ~ (items + further) | join(', ') ~ ' from ' ~ relation ~ condition ~ ') as sanitizer_source' -%}
  {%- set behind = further | map('string') | join(', ') -%}
  {{ return({'mode': mode, 'source': source, 'further': ', ' ~ behind if behind else ''}) }}
{%- endmacro %}

{# The columns that the recipe knows, by its name for them; all that are missing are named at once. #}
{% macro matched(recipe, pin, there) -%}
  {%- set exact = {} -%}
  {%- set folded = {} -%}
  {%- for column in there -%}
    {%- do exact.update({column.name: column}) -%}
    {%- do folded.update({column.name | lower: column}) -%}
  {%- endfor -%}
  {%- set found = {} -%}
  {%- set missing = [] -%}
  {%- for name in pin.columns -%}
    {%- set column = exact.get(name, folded.get(name | lower)) -%}
    {%- if column is none -%}
      {%- do missing.append(name) -%}
    {%- else -%}
      {%- do found.update({name: column}) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if missing -%}
    {{ exceptions.raise_compiler_error("sanitizer: the recipe '" ~ recipe ~ "' reads columns that are not there: "
       ~ missing | join(', ') ~ ". There are: " ~ there | map(attribute='name') | join(', ') ~ ".") }}
  {%- endif -%}
  {{ return(found) }}
{%- endmacro %}

{# Columns that the recipe does not know, quoted: passed through, or refused where the pin says so. #}
{% macro further_columns(recipe, pin, there, found) -%}
  {%- set known = found.values() | map(attribute='name') | list -%}
  {%- set further = there | rejectattr('name', 'in', known) | map(attribute='name') | list -%}
  {%- if further and pin.on_new_columns == 'fail' -%}
    {{ exceptions.raise_compiler_error("sanitizer: the recipe '" ~ recipe ~ "' does not know the columns "
       ~ further | join(', ') ~ ", and its pin says 'on_new_columns: fail'. Declare them, or let them pass.") }}
  {%- endif -%}
  {%- set quoted = [] -%}
  {%- for name in further -%}
    {%- do quoted.append(sanitizer.quoted(name)) -%}
  {%- endfor -%}
  {{ return(quoted) }}
{%- endmacro %}
