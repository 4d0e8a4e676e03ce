"""The registry: recipe and contract versions, runs, scores and who did what, in Postgres, over a REST API."""
