"""Notes in Postgres."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Engine, MetaData, Table, Text, Uuid, create_engine, insert, select
from sqlalchemy.engine import Row

from app.notes import Note

metadata = MetaData()

notes = Table(
    "notes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("text", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
)


def open_engine(database_url: str) -> Engine:
    """Returns a pool of connections to `database_url` (postgresql://…). Nothing is connected yet."""
    address = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    # A connection that the database closed meanwhile (failover, restart) is found out before it is used.
    return create_engine(address, pool_size=5, max_overflow=5, pool_pre_ping=True, connect_args={"connect_timeout": 5})


class PostgresNoteStore:
    """A `NoteStore` in the table `notes`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, note: Note) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(notes).values(id=note.id, text=note.text, created_at=note.created_at))

    def find(self, note_id: UUID) -> Note | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(notes).where(notes.c.id == note_id)).one_or_none()
        return _note(row) if row else None

    def latest(self, limit: int) -> list[Note]:
        query = select(notes).order_by(notes.c.created_at.desc(), notes.c.id).limit(limit)
        with self._engine.connect() as connection:
            return [_note(row) for row in connection.execute(query)]

    def check(self) -> None:
        with self._engine.connect() as connection:
            connection.execute(select(notes.c.id).limit(1))


def _note(row: Row[tuple[UUID, str, datetime]]) -> Note:
    return Note(id=row.id, text=row.text, created_at=row.created_at)
