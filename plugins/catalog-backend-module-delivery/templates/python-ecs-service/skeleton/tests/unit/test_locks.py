"""The locked files have to hold what pyproject.toml asks for, each with its hash."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME = PROJECT["dependencies"]
DEVELOPMENT = RUNTIME + PROJECT["optional-dependencies"]["dev"]


def locked(name: str) -> dict[str, str]:
    """Returns package → version of a locked file, and fails on a line of another form."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text().splitlines():
        if line and not line.startswith("#"):
            match = re.fullmatch(r"([a-z0-9-]+)==(\S+) --hash=sha256:[0-9a-f]{64}", line)
            assert match, line
            found[match[1]] = match[2]
    return found


@pytest.mark.parametrize(("name", "wanted"), [("requirements.lock", RUNTIME), ("requirements-dev.lock", DEVELOPMENT)])
def test_everything_that_is_asked_for_is_locked(name: str, wanted: list[str]) -> None:
    packages = {re.split(r"[\[<>=]", requirement)[0] for requirement in wanted}
    assert packages <= set(locked(name))


def test_tests_run_with_the_versions_that_are_deployed() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()
