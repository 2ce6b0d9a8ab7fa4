"""Runs migrations on the engine it is handed, each in its own transaction."""

from alembic import context

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    # BEGIN is written out by storage.database, so SQLite can undo a schema change too.
    context.configure(connection=connection, transaction_per_migration=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
