"""The database: tables' bases, sessions that see one organisation, migrations, and the embedded server."""
