import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_second_migration_finds_nothing_to_do(engine: "Engine") -> None:
    from app.migrate import migrate

    before, after = migrate(engine)
    assert before is None
    assert after is not None
    assert migrate(engine) == (after, after)


def test_migrations_lead_to_the_tables_that_the_code_knows(engine: "Engine") -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from app.database import metadata
    from app.migrate import migrate

    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrations_at_the_same_time_wait_for_each_other(engine: "Engine") -> None:
    from app.migrate import migrate

    results: list[tuple[str | None, str | None]] = []
    threads = [threading.Thread(target=lambda: results.append(migrate(engine))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(results) == 3
    assert [before for before, _ in results].count(None) == 1


def test_a_failed_migration_leaves_nothing_behind(engine: "Engine") -> None:
    from alembic.util.exc import CommandError
    from sqlalchemy import inspect

    from app.migrate import migrate

    with pytest.raises(CommandError):
        migrate(engine, "no-such-revision")
    assert inspect(engine).get_table_names() == []


def test_without_a_database_the_task_fails_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], engine: "Engine"
) -> None:
    from app.migrate import main

    monkeypatch.delenv("DATABASE_URL")
    assert main() == 1
    assert "DATABASE_URL" in capsys.readouterr().err
