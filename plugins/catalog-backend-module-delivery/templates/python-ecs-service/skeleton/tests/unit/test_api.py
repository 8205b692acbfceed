from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from app.main import build_app
from tests.unit.memory import MemoryNoteStore

KEY = {"x-api-key": "second"}


@pytest.fixture
def store() -> MemoryNoteStore:
    return MemoryNoteStore()


@pytest.fixture
def client(store: MemoryNoteStore) -> TestClient:
    return TestClient(build_app(store, ("first", "second"), "4f2a"))


def test_health_tells_the_version_without_a_key(client: TestClient) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "version": "4f2a"}


def test_health_does_not_depend_on_the_database_but_readiness_does(client: TestClient, store: MemoryNoteStore) -> None:
    assert client.get("/ready").json() == {"status": "ready", "version": "4f2a"}
    store.broken = True
    assert client.get("/health").status_code == 200
    response = client.get("/ready")
    assert response.status_code == 503
    assert "refused" not in response.text


def test_a_note_is_kept(client: TestClient) -> None:
    created = client.post("/notes", json={"text": "Water the plants"}, headers=KEY)
    assert created.status_code == 201
    note = created.json()
    assert note["text"] == "Water the plants"
    found = client.get(f"/notes/{note['id']}", headers=KEY)
    assert found.status_code == 200
    assert found.json() == note


def test_the_newest_notes_come_first_and_no_more_than_asked_for(client: TestClient) -> None:
    for text in ("one", "two", "three"):
        client.post("/notes", json={"text": text}, headers=KEY)
    response = client.get("/notes", params={"limit": 2}, headers=KEY)
    assert [note["text"] for note in response.json()] == ["three", "two"]


def test_a_note_that_does_not_exist_is_not_found(client: TestClient) -> None:
    assert client.get(f"/notes/{uuid4()}", headers=KEY).status_code == 404


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 2001}, {"text": None}])
def test_a_text_that_is_missing_or_too_long_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert client.post("/notes", json=body, headers=KEY).status_code == 422


@pytest.mark.parametrize("limit", [0, 201, -1])
def test_a_limit_out_of_bounds_is_refused(client: TestClient, limit: int) -> None:
    assert client.get("/notes", params={"limit": limit}, headers=KEY).status_code == 422


@pytest.mark.parametrize("headers", [{}, {"x-api-key": ""}, {"x-api-key": "third"}, {"x-api-key": "firstsecond"}])
def test_without_a_right_key_nothing_is_read_or_written(
    client: TestClient, store: MemoryNoteStore, headers: dict[str, str]
) -> None:
    assert client.get("/notes", headers=headers).status_code == 401
    assert client.post("/notes", json={"text": "no"}, headers=headers).status_code == 401
    assert store.latest(10) == []


def test_a_service_without_keys_lets_nobody_in(store: MemoryNoteStore) -> None:
    client = TestClient(build_app(store, (), "4f2a"))
    assert client.get("/notes", headers={"x-api-key": ""}).status_code == 401
    assert client.get("/notes").status_code == 401
