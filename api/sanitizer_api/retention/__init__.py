"""How long things are kept, and taking away what has been kept long enough."""
