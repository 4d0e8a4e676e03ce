{# What a pinned recipe comes to for a relation, as the text of one SELECT. #}
{% macro recipe_sql(what, relation, recipe, version=none, where=none) -%}
  {%- if not execute -%}
    {#- Nothing is known of the warehouse yet; the call is made for dbt to see what rests on what. -#}
    {{ return(sanitizer.nothing_yet()) }}
  {%- endif -%}
  {%- set pin = sanitizer.pinned('recipe', recipe, version) -%}
  {%- do sanitizer.refuse_unpinned_batches(recipe, pin) -%}
  {%- set types = adapter.dispatch('sanitizer_recipe', 'sanitizer')(pin.macro, 'types', none, none, none) -%}
  {%- set there = sanitizer.columns_there(relation) -%}
  {%- set read = sanitizer.reading(relation, recipe, pin, types, there, where) -%}
  {{ return(adapter.dispatch('sanitizer_recipe', 'sanitizer')(pin.macro, what, read.mode, read.source, read.further)) }}
{%- endmacro %}

{% macro nothing_yet() -%}
  {{ return('select 1 as nothing_yet') }}
{%- endmacro %}

{# The columns of a relation; none where dbt cannot look, as with a model that is ephemeral or not built yet. #}
{% macro columns_there(relation) -%}
  {%- if relation is string -%}
    {#- A test with a 'where' of its own is given a subquery. -#}
    {{ return(adapter.get_column_schema_from_query('select * from ' ~ relation ~ ' where 1 = 0')) }}
  {%- elif relation.is_cte -%}
    {{ return([]) }}
  {%- endif -%}
  {{ return(adapter.get_columns_in_relation(relation)) }}
{%- endmacro %}

{# A project's `sanitizer dbt sync` writes macros of these names, which are found before these. #}
{% macro default__sanitizer_pins() -%}
  {{ return({'recipes': {}, 'contracts': {}}) }}
{%- endmacro %}

{% macro default__sanitizer_recipe(name, what, mode, source, further) -%}
  {{ return('') }}
{%- endmacro %}
