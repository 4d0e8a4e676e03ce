"""The worker: takes jobs out of the queue, carries them out, and keeps the registry in order."""
