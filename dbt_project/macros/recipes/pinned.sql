{# What was written down about a version of a recipe or contract; the only one that is pinned when none is named. #}
{% macro pinned(what, name, version=none) -%}
  {%- set all = adapter.dispatch('sanitizer_pins', 'sanitizer')()[what ~ 's'] -%}
  {%- if name not in all -%}
    {{ exceptions.raise_compiler_error("sanitizer: the " ~ what ~ " '" ~ name ~ "' is not pinned; pinned are: "
       ~ (all.keys() | join(', ') or 'none') ~ ". Add it to sanitizer.yml and run 'sanitizer dbt sync'.") }}
  {%- endif -%}
  {%- set versions = all[name] -%}
  {%- set told = versions.keys() | sort | join(', ') -%}
  {%- if version is none -%}
    {%- if versions | length > 1 -%}
      {{ exceptions.raise_compiler_error("sanitizer: the " ~ what ~ " '" ~ name ~ "' is pinned in the versions " ~ told
         ~ ". Say which: version=" ~ (versions.keys() | max) ~ ".") }}
    {%- endif -%}
    {{ return(versions.values() | first) }}
  {%- endif -%}
  {%- if version | int not in versions -%}
    {{ exceptions.raise_compiler_error("sanitizer: version " ~ version ~ " of the " ~ what ~ " '" ~ name
       ~ "' is not pinned; pinned is: " ~ told ~ ". Change it, or pin that version and run 'sanitizer dbt sync'.") }}
  {%- endif -%}
  {{ return(versions[version | int]) }}
{%- endmacro %}

{# A model that grows batch by batch needs values that every batch shares. #}
{% macro refuse_unpinned_batches(recipe, pin) -%}
  {%- if pin.measured and not pin.pinned and model.config is defined and model.config.materialized == 'incremental' -%}
    {{ exceptions.raise_compiler_error("sanitizer: the recipe '" ~ recipe ~ "' measures the data that it cleans, and this "
       ~ "model is incremental: each batch would be treated differently. Fit it on the whole ('sanitizer fit "
       ~ "RECIPE TABLE -o FILE'), name the file under 'fitted:' of its pin, and run 'sanitizer dbt sync'.") }}
  {%- endif -%}
{%- endmacro %}
