{# Rows that are in one relation and not in the other. #}
{% test equals(model, expected) %}
(select * from {{ model }} except select * from {{ expected }})
union all
(select * from {{ expected }} except select * from {{ model }})
{% endtest %}
