"""Writes requirements.lock and requirements-dev.lock anew from pyproject.toml: `python scripts/lock.py`.

pip resolves what is asked for and tells the hash of each wheel that it would install, for the interpreter and the
machine that this runs on. The image is Linux on x86-64 with the Python of .python-version: run it there, for example
`docker compose run --rm lock`.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def resolve(requirements: list[str]) -> list[str]:
    """Returns one line for each package, with version and hash, in alphabetical order."""
    options = ["--dry-run", "--quiet", "--ignore-installed", "--only-binary", ":all:", "--report", "-"]
    pip = [sys.executable, "-m", "pip", "install", *options, *requirements]
    report = json.loads(subprocess.run(pip, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603
    lines = []
    for package in report["install"]:
        name = re.sub(r"[-_.]+", "-", package["metadata"]["name"]).lower()
        sha256 = package["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{name}=={package['metadata']['version']} --hash=sha256:{sha256}")
    return sorted(lines)


def main() -> None:
    """Resolves everything at once, so that tests run with the versions that are deployed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    development = resolve(project["dependencies"] + project["optional-dependencies"]["dev"])
    pins = [line.split(" ")[0] for line in development]
    constraints = [pin for pin in pins if pin.split("==")[0] in {needed(line) for line in project["dependencies"]}]
    extras = [line for line in project["dependencies"] if "[" in line]
    runtime = resolve(constraints + extras)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    header = f"# Made by scripts/lock.py for Python {python} on Linux x86-64. Do not edit.\n"
    for name, lines in (("requirements.lock", runtime), ("requirements-dev.lock", development)):
        (ROOT / name).write_text(header + "\n".join(lines) + "\n")


def needed(requirement: str) -> str:
    """Returns the name of the package in a requirement such as `psycopg[binary]>=3.2`."""
    return re.split(r"[\[<>=~! ]", requirement)[0]


if __name__ == "__main__":
    main()
