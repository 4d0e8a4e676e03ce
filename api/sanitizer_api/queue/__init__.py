"""The queue: jobs as rows, enqueued in the transaction that makes them, and what carries them out."""
