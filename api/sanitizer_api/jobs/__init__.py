"""Jobs: cleaning that the registry does itself, and how far it is."""
