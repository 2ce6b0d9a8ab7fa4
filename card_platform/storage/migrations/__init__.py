"""Alembic environment and the schema versions, oldest first in `versions/`."""
