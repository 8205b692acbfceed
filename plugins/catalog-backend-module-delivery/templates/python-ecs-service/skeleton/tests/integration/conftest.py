"""A schema of its own in the database of `DATABASE_URL` for each test; without one the tests are skipped."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from sqlalchemy import Engine


@pytest.fixture
def engine() -> "Iterator[Engine]":
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        pytest.skip("DATABASE_URL is not set: these tests need a Postgres (docs/local-docker.md)")

    from sqlalchemy import text

    from app.database import open_engine

    schema = f"test_{uuid4().hex}"
    admin = open_engine(url)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    separator = "&" if "?" in url else "?"
    own = open_engine(f"{url}{separator}options=-csearch_path%3D{schema}")
    try:
        yield own
    finally:
        own.dispose()
        with admin.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        admin.dispose()
