from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from app.main import build_app
from app.notes import Note

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.database import PostgresNoteStore

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def store(engine: "Engine") -> "PostgresNoteStore":
    from app.database import PostgresNoteStore
    from app.migrate import migrate

    migrate(engine)
    return PostgresNoteStore(engine)


def note(text: str, minutes: int = 0, note_id: UUID | None = None) -> Note:
    return Note(id=note_id or uuid4(), text=text, created_at=NOON + timedelta(minutes=minutes))


def test_a_note_comes_back_as_it_was(store: "PostgresNoteStore") -> None:
    kept = note("Grüße, 'quotes'; and a \n line")
    store.add(kept)
    assert store.find(kept.id) == kept
    assert store.find(uuid4()) is None


def test_the_newest_notes_come_first(store: "PostgresNoteStore") -> None:
    for text, minutes in (("middle", 1), ("newest", 2), ("oldest", 0)):
        store.add(note(text, minutes))
    assert [found.text for found in store.latest(2)] == ["newest", "middle"]


def test_an_id_is_kept_once(store: "PostgresNoteStore") -> None:
    from sqlalchemy.exc import IntegrityError

    kept = note("first")
    store.add(kept)
    with pytest.raises(IntegrityError):
        store.add(note("second", note_id=kept.id))


def test_the_service_works_with_postgres(store: "PostgresNoteStore") -> None:
    client = TestClient(build_app(store, ("key",), "4f2a"))
    created = client.post("/notes", json={"text": "hello"}, headers={"x-api-key": "key"}).json()
    assert client.get(f"/notes/{created['id']}", headers={"x-api-key": "key"}).json() == created
    assert client.get("/ready").status_code == 200


def test_a_database_that_was_not_migrated_is_not_ready(engine: "Engine") -> None:
    from app.database import PostgresNoteStore

    client = TestClient(build_app(PostgresNoteStore(engine), (), "4f2a"))
    assert client.get("/ready").status_code == 503
