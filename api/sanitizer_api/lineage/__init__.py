"""Lineage: events of OpenLineage, kept as they came and as a graph, and told as Marquez tells them."""
