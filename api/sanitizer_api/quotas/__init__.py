"""How much an organisation may use: bytes that are kept, jobs at once, rows a day."""
