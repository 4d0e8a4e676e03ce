{# Fails for each row that breaks a contract of the project, with the reasons. With `level: warning` rows count too that
   break only what the contract calls a warning. #}
{% test meets_contract(model, contract, version=none, level='error') %}
  {{ sanitizer.contract_sql(model, contract, version, level) }}
{% endtest %}
