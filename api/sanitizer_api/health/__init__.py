"""Whether the registry is alive and ready, and its figures."""
