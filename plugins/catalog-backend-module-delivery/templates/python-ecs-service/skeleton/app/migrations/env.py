"""Run by Alembic: by `app.migrate` with its connection, or by the command line while a migration is written."""

import os

from alembic import context
from sqlalchemy import Connection

from app.database import metadata, open_engine
from app.settings import read_settings


def run(connection: Connection) -> None:
    """Runs the wanted migrations in the transaction of `connection`."""
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_engine(read_settings(os.environ).database_url).begin() as own:
        run(own)
