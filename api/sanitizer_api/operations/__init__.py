"""The catalogue of operations, as the core has it."""
