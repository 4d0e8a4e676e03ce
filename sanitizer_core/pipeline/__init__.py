"""One run: plan, fit, compile, execute, audit, check, score, record."""
