"""The recipe inside PostgreSQL and on Spark, against SQL that was written by hand for the same work."""
