"""What the process needs to know about the place it runs in."""

from collections.abc import Mapping
from dataclasses import dataclass


class SettingsError(Exception):
    """A variable of the environment is missing or wrong. Its text names the variable."""


@dataclass(frozen=True)
class Settings:
    """`database_url` is a libpq address (postgresql://…); without `api_keys` nobody is let in."""

    database_url: str
    api_keys: tuple[str, ...]
    port: int


def read_settings(env: Mapping[str, str]) -> Settings:
    """Reads the settings, or raises a `SettingsError`. No error holds a value: each may be a secret."""
    keys = (key.strip() for key in env.get("API_KEYS", "").split(","))
    return Settings(
        database_url=_database_url(env.get("DATABASE_URL", "")),
        api_keys=tuple(key for key in keys if key),
        port=_port(env.get("PORT") or "8080"),
    )


def _database_url(url: str) -> str:
    if not url:
        raise SettingsError("DATABASE_URL is not set: the service cannot start without its database.")
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres") or not rest:
        raise SettingsError(
            "DATABASE_URL does not begin with postgresql://. In ECS it comes from a secret that onboarding made with a "
            "placeholder in it: put the address of the database there (docs/infrastructure.md)."
        )
    return f"postgresql://{rest}"


def _port(port: str) -> int:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingsError("PORT is not the number of a port.")
    return int(port)
