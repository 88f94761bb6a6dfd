"""Where do facts rest between two moments? SQLite and PostgreSQL behind typed repositories and one unit of work."""
