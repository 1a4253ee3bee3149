"""Where a review runs: what GitHub Actions says in its environment, checked and typed.

Names and files are those of GitHub's "Variables reference" and "Events that trigger workflows". The
event is a file that GitHub wrote, but values in it come from whoever opened the pull request: nothing
of it is used that does not have the expected form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic

MAX_EVENT = 16 * 1024 * 1024
"""Bytes; GitHub's own limit of an event is 25 MB, and those of pull requests are some tens of KB."""

_COMMIT = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+\Z")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._/-]*)?\Z")
_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}\Z")
NOT_YET = re.compile(r"0{40,64}\Z")
"""The commit before a branch's first push."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`base` and `head` name commits; "" where nothing says which. `pull_request` is its number.

    `run_url` is the page of the run in which this happens.
    """

    on_github: bool = False
    base: str = ""
    head: str = ""
    pull_request: int | None = None
    author: str = ""
    repository: str = ""
    api_url: str = "https://api.github.com"
    run_url: str | None = None
    summary: Path | None = None
    output: Path | None = None
    token: str = field(default="", repr=False)


def read_surroundings(environment: Mapping[str, str]) -> Surroundings | Diagnostic:
    """What GitHub says, or HB741 where the event cannot be read; outside of GitHub all is empty."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return Surroundings(token=environment.get("GITHUB_TOKEN", ""))
    event = _event(environment)
    if isinstance(event, Diagnostic):
        return event
    pull = _object(event.get("pull_request"))
    base, head = _ends(environment, event, pull)
    number = pull.get("number")
    return Surroundings(
        on_github=True,
        base=base,
        head=head,
        pull_request=number if isinstance(number, int) and number > 0 else None,
        author=_text(_object(pull.get("user")).get("login")),
        repository=_matching(_REPOSITORY, environment.get("GITHUB_REPOSITORY")),
        api_url=_matching(_ADDRESS, environment.get("GITHUB_API_URL")) or "https://api.github.com",
        run_url=_run_url(environment),
        summary=_path(environment, "GITHUB_STEP_SUMMARY"),
        output=_path(environment, "GITHUB_OUTPUT"),
        token=environment.get("GITHUB_TOKEN", ""),
    )


@dataclass(frozen=True, slots=True)
class EndedRun:
    """`head` is the commit that was reviewed, `url` the page of that run, where its artifact is."""

    head: str
    url: str | None


def read_ended_run(environment: Mapping[str, str]) -> EndedRun | Diagnostic:
    """The run that has ended, of a `workflow_run` event: HB748 for any other."""
    event = _event(environment)
    if isinstance(event, Diagnostic):
        return event
    run = _object(event.get("workflow_run"))
    head = _commit(run.get("head_sha"))
    if head:
        return EndedRun(head, _run_url({**environment, "GITHUB_RUN_ID": str(run.get("id", ""))}))
    return Diagnostic(
        "HB748",
        "this event is not a workflow run that has ended, so it says of no commit that it was reviewed",
        hint="run `handbill ci comment` in a workflow on: workflow_run, as .github/workflows/comment.yml does",
    )


# ── the event ────────────────────────────────────────────────────────────────────────────────────


def _event(environment: Mapping[str, str]) -> dict[str, Any] | Diagnostic:
    path = environment.get("GITHUB_EVENT_PATH", "")
    if not path:
        return _no_event("GITHUB_EVENT_PATH is not set")
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_EVENT + 1)
    except OSError as error:
        return _no_event(f"the event of this run cannot be read: {error.strerror}")
    if len(data) > MAX_EVENT:
        return _no_event(f"the event of this run has more than {MAX_EVENT:,} bytes")
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        return _no_event("the event of this run is no JSON")
    return event if isinstance(event, dict) else _no_event("the event of this run is no object")


def _no_event(why: str) -> Diagnostic:
    return Diagnostic(
        "HB741",
        why,
        hint="GitHub writes that file; elsewhere say what to compare: handbill ci --base main --head HEAD",
    )


def _ends(
    environment: Mapping[str, str], event: Mapping[str, Any], pull: Mapping[str, Any]
) -> tuple[str, str]:
    """Of a pull request its own two commits, not the merge that GitHub tries of them."""
    head = _commit(_object(pull.get("head")).get("sha")) or _commit(environment.get("GITHUB_SHA"))
    base = _commit(_object(pull.get("base")).get("sha")) or _commit(event.get("before"))
    if not base or NOT_YET.match(base):
        branch = environment.get("GITHUB_BASE_REF") or _object(event.get("repository")).get(
            "default_branch"
        )
        named = _matching(_BRANCH, branch)
        base = f"origin/{named}" if named and ".." not in named else ""
    return base, head


def _run_url(environment: Mapping[str, str]) -> str | None:
    server = _matching(_ADDRESS, environment.get("GITHUB_SERVER_URL"))
    repository = _matching(_REPOSITORY, environment.get("GITHUB_REPOSITORY"))
    run = environment.get("GITHUB_RUN_ID", "")
    if not (server and repository and run.isascii() and run.isdigit()):
        return None
    return f"{server.rstrip('/')}/{repository}/actions/runs/{run}"


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _commit(value: object) -> str:
    return _matching(_COMMIT, value)


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.match(value) else ""


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    return Path(environment[name]) if environment.get(name) else None
