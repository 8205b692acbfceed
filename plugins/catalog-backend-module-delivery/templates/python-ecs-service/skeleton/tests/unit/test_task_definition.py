"""The task definition, the image and the application have to agree on the port and on how health is asked."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()


@pytest.fixture
def container() -> dict[str, Any]:
    definition = json.loads((ROOT / "infra" / "ecs" / "task-definition.json").read_text())
    assert len(definition["containerDefinitions"]) == 1
    first: dict[str, Any] = definition["containerDefinitions"][0]
    return first


def test_the_ports_agree(container: dict[str, Any]) -> None:
    port = container["portMappings"][0]["containerPort"]
    assert f"EXPOSE {port}\n" in DOCKERFILE
    assert {"name": "PORT", "value": str(port)} in container["environment"]
    assert f"http://127.0.0.1:{port}/health" in " ".join(container["healthCheck"]["command"])


def test_health_is_asked_with_what_the_image_has(container: dict[str, Any]) -> None:
    command = container["healthCheck"]["command"]
    assert command[:2] == ["CMD", "python"]
    compile(command[-1], "healthCheck", "exec")


def test_no_value_of_a_secret_is_in_the_task_definition(container: dict[str, Any]) -> None:
    names = {variable["name"] for variable in container["environment"]}
    secrets = {secret["name"]: secret["valueFrom"] for secret in container["secrets"]}
    assert {"DATABASE_URL", "API_KEYS"} == set(secrets)
    assert not names & set(secrets)
    assert all(value.startswith("${") for value in secrets.values())


def test_images_are_pinned_by_digest_and_do_not_run_as_root() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert len(stages) == 2
    assert all(re.search(r"@sha256:[0-9a-f]{64}$", stage) for stage in stages)
    assert re.findall(r"^USER (.+)$", DOCKERFILE, flags=re.MULTILINE)[-1] == "10001:10001"
