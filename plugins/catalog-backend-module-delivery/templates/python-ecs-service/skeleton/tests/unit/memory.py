"""A store for tests that need no database."""

from uuid import UUID

from app.notes import Note


class MemoryNoteStore:
    """A `NoteStore` in a dictionary; `broken` makes it behave like a database that is down."""

    def __init__(self) -> None:
        self.broken = False
        self._notes: dict[UUID, Note] = {}

    def add(self, note: Note) -> None:
        self._notes[note.id] = note

    def find(self, note_id: UUID) -> Note | None:
        return self._notes.get(note_id)

    def latest(self, limit: int) -> list[Note]:
        return sorted(self._notes.values(), key=lambda note: note.created_at, reverse=True)[:limit]

    def check(self) -> None:
        if self.broken:
            raise ConnectionError("connection refused")
