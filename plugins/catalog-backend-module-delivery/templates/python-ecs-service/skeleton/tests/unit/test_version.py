import json

import pytest

from app.version import LABEL, read_version

TASK = {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/1"}


def never(url: str) -> bytes:
    raise AssertionError(f"asked {url}")


def test_the_environment_may_tell_the_version() -> None:
    assert read_version({"APP_VERSION": "local", **TASK}, never) == "local"


def test_outside_ecs_the_version_is_unknown() -> None:
    assert read_version({}, never) == "unknown"


def test_a_task_reads_the_label_that_the_pipeline_gave_it() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return json.dumps({"Labels": {LABEL: "4f2a"}}).encode()

    assert read_version(TASK, fetch) == "4f2a"
    assert asked == ["http://169.254.170.2/v4/1"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Labels": null}', b'{"Labels": {"other": "1"}}'])
def test_an_answer_without_the_label_means_unknown(body: bytes) -> None:
    assert read_version(TASK, lambda url: body) == "unknown"


def test_no_answer_means_unknown() -> None:
    def fetch(url: str) -> bytes:
        raise TimeoutError("timed out")

    assert read_version(TASK, fetch) == "unknown"
