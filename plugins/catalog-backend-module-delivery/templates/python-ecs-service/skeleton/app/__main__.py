"""Serves the application: `python -m app`."""

import os
import sys

import uvicorn

from app.settings import SettingsError, read_settings


def main() -> int:
    """Serves until the process is told to stop. Returns the exit code."""
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    # All addresses: the load balancer and ECS come from outside the container.
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host="0.0.0.0",  # noqa: S104
        port=settings.port,
        server_header=False,
        # Longer than the load balancer keeps a connection, so that it is never the service that closes one in use.
        timeout_keep_alive=75,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
