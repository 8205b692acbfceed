"""Brings the database to the newest form: `python -m app.migrate`.

The pipeline runs it as a task of its own, with the new image, before the service is updated. The old version still
runs then and goes on running for a while: expand first, contract in a later deployment.
"""

import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from app.database import open_engine
from app.settings import SettingsError, read_settings

# Any number, but always this one: two migrations of this service never run at the same time.
LOCK = 7_301_146_120


def alembic_config() -> Config:
    """Returns Alembic's configuration; it needs no file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: Engine, revision: str = "head") -> tuple[str | None, str | None]:
    """Applies what is missing up to `revision`, all or nothing. Returns the revision before and after."""
    config = alembic_config()
    with engine.begin() as connection:
        # The lock goes with the transaction: a task that is killed leaves none behind.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context = MigrationContext.configure(connection)
        before = context.get_current_revision()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        return before, context.get_current_revision()


def main() -> int:
    """Returns the exit code of the process: 0 when the database has the newest form."""
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    before, after = migrate(open_engine(settings.database_url))
    print("nothing to migrate" if before == after else f"migrated from {before or 'nothing'} to {after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
