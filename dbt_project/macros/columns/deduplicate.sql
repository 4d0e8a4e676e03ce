{# The rows of a relation, one of each group of rows that agree in `partition_by`: the first by `order_by`. Nulls agree with
   nulls. Both are lists of expressions or a text; without `order_by` it would be chance which row stays. #}
{% macro deduplicate(relation, partition_by, order_by) -%}
  {%- if not execute -%}
    {{ return(sanitizer.nothing_yet()) }}
  {%- endif -%}
  {%- set groups = partition_by if partition_by is string else partition_by | join(', ') -%}
  {%- set order = order_by if order_by is string else order_by | join(', ') -%}
  {%- set names = [] -%}
  {%- for column in sanitizer.columns_there(relation) -%}
    {%- do names.append(sanitizer.quoted(column.name)) -%}
  {%- endfor -%}
  {%- if not names -%}
    {{ sanitizer.refuse("sanitizer.deduplicate: the columns of " ~ relation ~ " are not known; build it first.") }}
  {%- endif -%}
  {%- set all = names | join(', ') -%}
  {{ return('select ' ~ all ~ ' from (select ' ~ all ~ ', row_number() over (partition by ' ~ groups ~ ' order by ' ~ order
     ~ ') as sanitizer_place from ' ~ relation ~ ') as placed where sanitizer_place = 1') }}
{%- endmacro %}
