"""What waits for jobs of the registry."""
