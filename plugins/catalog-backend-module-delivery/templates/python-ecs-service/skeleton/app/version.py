"""Which commit is running."""

import json
from collections.abc import Callable, Mapping
from urllib.request import urlopen

LABEL = "org.opencontainers.image.revision"
UNKNOWN = "unknown"


def _fetch(url: str) -> bytes:
    with urlopen(url, timeout=1) as response:
        body: bytes = response.read(65536)
        return body


def read_version(env: Mapping[str, str], fetch: Callable[[str], bytes] = _fetch) -> str:
    """Returns the full SHA of the commit, or "unknown".

    The pipeline labels the container with it. ECS tells a task its own labels at an address that only the task can
    reach; anywhere else `APP_VERSION` may be set.
    """
    if env.get("APP_VERSION"):
        return env["APP_VERSION"]
    address = env.get("ECS_CONTAINER_METADATA_URI_V4")
    if not address:
        return UNKNOWN
    try:
        version = json.loads(fetch(address))["Labels"][LABEL]
    except (OSError, ValueError, KeyError, TypeError):
        return UNKNOWN
    return version if isinstance(version, str) and version else UNKNOWN
