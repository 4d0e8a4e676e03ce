"""Review: what a run left to be looked at, what was decided about it, and the run that carries it out."""
