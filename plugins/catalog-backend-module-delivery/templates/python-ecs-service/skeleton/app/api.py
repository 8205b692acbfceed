"""The resource of this service: notes."""

import hmac
from datetime import datetime, timezone
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Header, HTTPException, Query
from pydantic import BaseModel, Field

from app.notes import Note, NoteStore


class NewNote(BaseModel):
    """What a caller sends to write something down."""

    text: str = Field(..., min_length=1, max_length=2000)


class NoteView(BaseModel):
    """What a caller gets back. `created_at` is ISO 8601, UTC."""

    id: UUID
    text: str
    created_at: datetime


def _view(note: Note) -> NoteView:
    return NoteView(id=note.id, text=note.text, created_at=note.created_at)


class KeyCheck:
    """Lets a request through when its header `x-api-key` holds one of the keys; without keys nothing passes."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = tuple(key.encode() for key in keys)

    def __call__(self, x_api_key: str = Header("")) -> None:
        given = x_api_key.encode()
        # Every key is compared, in constant time: how long it takes tells nothing about the keys.
        if not any([hmac.compare_digest(given, key) for key in self._keys]):
            raise HTTPException(status_code=401, detail="The header x-api-key is missing or wrong.")


def notes_router(store: NoteStore, api_keys: tuple[str, ...]) -> APIRouter:
    """Returns the routes below /notes."""
    router = APIRouter(prefix="/notes", tags=["notes"], dependencies=[Depends(KeyCheck(api_keys))])

    @router.post("", status_code=201, response_model=NoteView)
    def add_note(body: NewNote) -> NoteView:
        note = Note(id=uuid4(), text=body.text, created_at=datetime.now(timezone.utc))
        store.add(note)
        return _view(note)

    @router.get("", response_model=list[NoteView])
    def latest_notes(limit: int = Query(50, ge=1, le=200)) -> list[NoteView]:
        return [_view(note) for note in store.latest(limit)]

    @router.get("/{note_id}", response_model=NoteView)
    def find_note(note_id: UUID) -> NoteView:
        note = store.find(note_id)
        if note is None:
            raise HTTPException(status_code=404, detail="There is no note of this id.")
        return _view(note)

    return router
