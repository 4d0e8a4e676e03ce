"""Where the registry keeps files: a folder, or a bucket of an object store; the same keys in both."""
