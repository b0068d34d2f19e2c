"""The history of the schema, forward and back, on SQLite and PostgreSQL."""
