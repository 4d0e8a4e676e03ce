{# The quality score of a relation as rows of `dimension`, `column_name` and `score` (0 to 100): overall and the four
   dimensions of the whole, whose `column_name` is null, then three dimensions of each column. `weights` in per cent. #}
{% macro score(relation, weights=none) -%}
  {%- if not execute -%}
    {{ return(sanitizer.nothing_yet()) }}
  {%- endif -%}
  {%- set columns = sanitizer.columns_there(relation) -%}
  {%- if not columns -%}
    {{ exceptions.raise_compiler_error("sanitizer.score: the columns of " ~ relation ~ " are not known; build it first.") }}
  {%- endif -%}
  {%- set share = {'completeness': 40, 'uniqueness': 30, 'consistency': 20, 'integrity': 10} -%}
  {%- do share.update(weights or {}) -%}
  {{ return(sanitizer.score_sql(relation, columns, share)) }}
{%- endmacro %}

{# One row for each cell, so that every column goes through the same statement. #}
{% macro score_sql(relation, columns, weights) -%}
with cells as (
  {%- for column in columns %}
  {%- set cell = sanitizer.quoted(column.name) %}
  {%- set kind = sanitizer.kind_of(column) %}
  select {{ loop.index0 }} as place
    , {{ 1 if kind == 'text' else 0 }} as textual
    , {{ 1 if kind in ('integer', 'decimal', 'float') else 0 }} as numeric_
    , case when {{ cell }} is null then 0 else 1 end as filled
    , {{ 'cast(' ~ cell ~ ' as ' ~ dbt.type_string() ~ ')' if kind == 'text' else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as content
    , {{ sanitizer.number_as_is(cell, kind) }} as as_is
  from {{ relation }}
  {%- if not loop.last %}
  union all
  {%- endif %}
  {%- endfor %}
), judged as (
  select place, textual, numeric_, filled
    , case when textual = 1 then {{ sanitizer.shape_of('content') }} end as shape
    , case when textual = 1 then {{ sanitizer.number_in('content') }} else as_is end as number_
  from cells
), totals as (
  select place, max(textual) as textual, max(numeric_) as numeric_, sum(filled) as filled, count(*) as n
  from judged
  group by place
), shapes as (
  select place, shape, count(*) as k
  from judged
  where shape is not null
  group by place, shape
), ranked_shapes as (
  select place, shape, k, row_number() over (partition by place order by k desc, {{ sanitizer.shape_rank('shape') }}) as r
  from shapes
), ranked_numbers as (
  select place, number_
    , row_number() over (partition by place order by number_) as r
    , count(*) over (partition by place) as m
  from judged
  where number_ is not null
), around as (
  select place
    , max(case when r = floor((m - 1) * 0.25) + 1 then number_ end) as low_below
    , max(case when r = ceil((m - 1) * 0.25) + 1 then number_ end) as low_above
    , max(case when r = floor((m - 1) * 0.75) + 1 then number_ end) as high_below
    , max(case when r = ceil((m - 1) * 0.75) + 1 then number_ end) as high_above
    , max((m - 1) * 0.25 - floor((m - 1) * 0.25)) as low_part
    , max((m - 1) * 0.75 - floor((m - 1) * 0.75)) as high_part
  from ranked_numbers
  group by place
), quartiles as (
  select place
    , low_below + (low_above - low_below) * low_part as low
    , high_below + (high_above - high_below) * high_part as high
  from around
), outliers as (
  select judged.place
    , sum(case when low < high and (number_ < low - 3 * (high - low) or number_ > high + 3 * (high - low)) then 1 else 0 end) as k
  from judged
  join quartiles on quartiles.place = judged.place
  where number_ is not null
  group by judged.place
), of_columns as (
  select totals.place, n, filled
    , coalesce({{ sanitizer.ratio('filled', 'n') }}, 1) as completeness
    , case when textual = 1 then coalesce({{ sanitizer.ratio('ranked_shapes.k', 'filled') }}, 1) else 1 end as consistency
    , case when numeric_ = 1 or ranked_shapes.shape in ('integer', 'number')
      then 1 - coalesce({{ sanitizer.ratio('outliers.k', 'n') }}, 0) else 1 end as integrity
  from totals
  left join ranked_shapes on ranked_shapes.place = totals.place and ranked_shapes.r = 1
  left join outliers on outliers.place = totals.place
), different as (
  select count(*) as d
  from (
    select distinct {% for column in columns -%}
      {%- set cell = sanitizer.quoted(column.name) -%}
      {{ 'cast(' ~ cell ~ ' as ' ~ dbt.type_string() ~ ')' if sanitizer.kind_of(column) == 'other' else cell }} as c{{ loop.index0 }}{{ ', ' if not loop.last }}
    {%- endfor %}
    from {{ relation }}
  ) as different_rows
), whole as (
  select coalesce({{ sanitizer.ratio('sum(filled)', 'sum(n)') }}, 1) as completeness
    , coalesce(1 - {{ sanitizer.ratio('max(n) - max(d)', 'max(n)') }}, 1) as uniqueness
    , coalesce(avg(cast(consistency as {{ sanitizer.double_type() }})), 1) as consistency
    , coalesce(avg({{ sanitizer.percent('integrity') }}) / 100, 1) as integrity
  from of_columns
  cross join different
)
select dimension, column_name, score
from (
  select 0 as line, 'overall' as dimension, cast(null as {{ dbt.type_string() }}) as column_name
    , {{ sanitizer.percent('(completeness * ' ~ weights.completeness ~ ' + uniqueness * ' ~ weights.uniqueness
         ~ ' + consistency * ' ~ weights.consistency ~ ' + integrity * ' ~ weights.integrity ~ ') / '
         ~ (weights.completeness + weights.uniqueness + weights.consistency + weights.integrity)) }} as score
  from whole
  {%- for dimension in ('completeness', 'uniqueness', 'consistency', 'integrity') %}
  union all
  select {{ loop.index }}, '{{ dimension }}', cast(null as {{ dbt.type_string() }}), {{ sanitizer.percent(dimension) }} from whole
  {%- endfor %}
  {%- for dimension in ('completeness', 'consistency', 'integrity') %}
  {%- set before = loop.index * 10000 %}
  {%- for column in columns %}
  union all
  select {{ before + loop.index0 }}, '{{ dimension }}', {{ sanitizer.text_literal(column.name) }}
    , coalesce(max(case when place = {{ loop.index0 }} then {{ sanitizer.percent(dimension) }} end), 100) from of_columns
  {%- endfor %}
  {%- endfor %}
) as told
order by line
{%- endmacro %}

{% macro ratio(part, whole) -%}
  {{ return('(cast(' ~ part ~ ' as ' ~ sanitizer.double_type() ~ ') / nullif(cast(' ~ whole ~ ' as ' ~ sanitizer.double_type() ~ '), 0))') }}
{%- endmacro %}

{# A share in per cent, with two decimals, halves up. #}
{% macro percent(share) -%}
  {{ return('floor(cast(' ~ share ~ ' as ' ~ sanitizer.double_type() ~ ') * 10000 + 0.5) / 100') }}
{%- endmacro %}

{# Of equally common shapes the first by the alphabet counts, whatever the collation. #}
{% macro shape_rank(shape) -%}
  {%- set ranks = [] -%}
  {%- for name in ['address', 'amount', 'date', 'e-mail', 'integer', 'number', 'other date', 'padded text', 'text'] -%}
    {%- do ranks.append("when '" ~ name ~ "' then " ~ loop.index) -%}
  {%- endfor -%}
  {{ return('case ' ~ shape ~ ' ' ~ ranks | join(' ') ~ ' end') }}
{%- endmacro %}

{# A number as a finite double, else null. #}
{% macro number_as_is(cell, kind) -%}
  {%- if kind == 'float' -%}
    {{ return(sanitizer.finite(cell)) }}
  {%- endif -%}
  {{ return('cast(' ~ (cell if kind in ('integer', 'decimal') else 'null') ~ ' as ' ~ sanitizer.double_type() ~ ')') }}
{%- endmacro %}
