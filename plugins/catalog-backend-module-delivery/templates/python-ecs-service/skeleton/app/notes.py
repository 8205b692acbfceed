"""What a note is, and what a place that keeps notes can do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Note:
    """A text that was written down. `created_at` has a time zone, UTC."""

    id: UUID
    text: str
    created_at: datetime


class NoteStore(Protocol):
    """Keeps notes. Postgres does it in production, a dictionary in the unit tests."""

    def add(self, note: Note) -> None:
        """Keeps a note."""

    def find(self, note_id: UUID) -> Note | None:
        """Returns the note, or nothing when there is none of this id."""

    def latest(self, limit: int) -> list[Note]:
        """Returns at most `limit` notes, the newest first."""

    def check(self) -> None:
        """Raises an exception unless the store can be read now."""
