"""GitHub's environment: typed where it is as expected, refused or ignored where not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handbill.ci import surroundings
from handbill.ci.surroundings import EndedRun, Surroundings, read_ended_run, read_surroundings
from handbill.diagnostics.diagnostic import Diagnostic

BASE, HEAD, MERGE = "1" * 40, "2" * 40, "3" * 40
PULL = {
    "pull_request": {
        "number": 7,
        "base": {"sha": BASE},
        "head": {"sha": HEAD},
        "user": {"login": "dora"},
    }
}


def environment(tmp_path: Path, event: Any, **more: str) -> dict[str, str]:
    path = tmp_path / "event.json"
    path.write_text(event if isinstance(event, str) else json.dumps(event), encoding="utf-8")
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_SHA": MERGE,
        "GITHUB_REPOSITORY": "shop/config",
        "GITHUB_SERVER_URL": "https://git.example",
        "GITHUB_RUN_ID": "99",
        **more,
    }


def read(tmp_path: Path, event: Any, **more: str) -> Surroundings:
    found = read_surroundings(environment(tmp_path, event, **more))
    assert isinstance(found, Surroundings)
    return found


def test_a_pull_request(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        PULL,
        GITHUB_API_URL="https://git.example/api/v3",
        GITHUB_STEP_SUMMARY="/s",
        GITHUB_OUTPUT="/o",
        GITHUB_TOKEN="secret",
    )
    assert found == Surroundings(
        True, BASE, HEAD, 7, "dora", "shop/config", "https://git.example/api/v3",
        "https://git.example/shop/config/actions/runs/99", Path("/s"), Path("/o"), "secret",
    )  # fmt: skip
    assert "secret" not in repr(found)


def test_a_push(tmp_path: Path) -> None:
    found = read(tmp_path, {"before": BASE})
    assert (found.base, found.head, found.pull_request) == (BASE, MERGE, None)


def test_the_first_push_of_a_branch_is_compared_with_the_default_branch(tmp_path: Path) -> None:
    event = {"before": "0" * 40, "repository": {"default_branch": "main"}}
    assert read(tmp_path, event).base == "origin/main"
    assert read(tmp_path, {"before": "0" * 40}).base == ""


def test_the_base_branch_where_the_event_has_no_commit(tmp_path: Path) -> None:
    assert read(tmp_path, {}, GITHUB_BASE_REF="main").base == "origin/main"


@pytest.mark.parametrize("branch", ["--upload-pack=x", "a b", "a..b", "$(x)"])
def test_a_branch_that_could_be_an_option_is_none(tmp_path: Path, branch: str) -> None:
    assert read(tmp_path, {}, GITHUB_BASE_REF=branch).base == ""


def test_odd_values_count_as_absent(tmp_path: Path) -> None:
    event = {
        "pull_request": {"number": -1, "base": {"sha": "--x"}, "head": 5, "user": {"login": 3}},
        "repository": [],
    }
    found = read(
        tmp_path,
        event,
        GITHUB_SHA="HEAD; rm",
        GITHUB_REPOSITORY="shop/config/../..?",
        GITHUB_API_URL="file:///etc",
        GITHUB_RUN_ID="1)[x](y",
    )
    assert found == Surroundings(on_github=True)


def test_elsewhere_all_is_empty() -> None:
    assert read_surroundings({"GITHUB_EVENT_PATH": "/none"}) == Surroundings()


@pytest.mark.parametrize("event", ["", "{", "[]", "[" * 100_000, '"x"'])
def test_a_malformed_event(tmp_path: Path, event: str) -> None:
    for reading in (read_surroundings, read_ended_run):
        found = reading(environment(tmp_path, event))
        assert isinstance(found, Diagnostic) and found.code == "HB741" and found.hint


def test_no_event(tmp_path: Path) -> None:
    for path in ("", str(tmp_path / "none")):
        found = read_surroundings({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": path})
        assert isinstance(found, Diagnostic) and found.code == "HB741"


def test_an_event_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "MAX_EVENT", 10)
    found = read_surroundings(environment(tmp_path, PULL))
    assert isinstance(found, Diagnostic) and "more than 10 bytes" in found.message


def test_a_run_that_has_ended(tmp_path: Path) -> None:
    event = {"workflow_run": {"head_sha": HEAD, "id": 1234}}
    assert read_ended_run(environment(tmp_path, event)) == EndedRun(
        HEAD, "https://git.example/shop/config/actions/runs/1234"
    )


@pytest.mark.parametrize("event", [PULL, {"workflow_run": {"head_sha": "main"}}])
def test_another_event_is_no_run(tmp_path: Path, event: Any) -> None:
    found = read_ended_run(environment(tmp_path, event))
    assert isinstance(found, Diagnostic) and found.code == "HB748"
