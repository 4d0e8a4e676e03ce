"""What a dbt project needs: recipes and contracts compiled into its macros, and run records from what dbt wrote.

Nothing here imports dbt; where a warehouse has to be asked, the project's own dbt is run.
"""
