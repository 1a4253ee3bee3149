"""`handbill ci comment` against a stand-in of GitHub's API, and with hostile artifacts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from github_stand_in import TOKEN, StandIn, pull, serving
from proposal_world import Proposal, new_proposal

from handbill.diff.renderers.markdown import MARKER


@pytest.fixture
def proposal(tmp_path: Path) -> Proposal:
    return new_proposal(tmp_path)


@pytest.fixture
def github() -> Iterator[StandIn]:
    with serving(StandIn()) as world:
        yield world


@pytest.fixture
def reviewed(proposal: Proposal, github: StandIn) -> Proposal:
    """The review is done; now the event is that of its run's end."""
    head = proposal.subject("Triple points, @anna")
    assert proposal.ci("--base", "main").exit_code == 0
    github.pulls = [pull(7, head)]
    proposal.on_github({"workflow_run": {"head_sha": head, "id": 1234}}, github.url)
    proposal.environment["GITHUB_TOKEN"] = TOKEN
    return proposal


def comment(proposal: Proposal) -> Result:
    return proposal.run("comment", "--artifact", str(proposal.out))


def test_a_comment_is_written_and_then_updated(reviewed: Proposal, github: StandIn) -> None:
    done = comment(reviewed)
    assert (done.exit_code, done.stdout) == (0, "comment on #7: created\n"), done.output
    (written,) = github.comments
    assert "+ Triple points, @anna" in written["body"]
    assert "https://git.example/shop/config/actions/runs/1234" in written["body"]
    assert comment(reviewed).stdout == "comment on #7: unchanged\n"
    written["body"] = f"{MARKER}\nold"
    assert comment(reviewed).stdout == "comment on #7: updated\n"
    assert len(github.comments) == 1


def test_the_artifacts_own_comment_is_not_believed(reviewed: Proposal, github: StandIn) -> None:
    (reviewed.out / "comment.md").write_text("@everybody <img src=https://evil.example>")
    text = (reviewed.out / "diff.json").read_text("utf-8")
    hostile = "</code> `` @everybody <b>"
    (reviewed.out / "diff.json").write_text(text.replace("Triple points, @anna", hostile))
    assert comment(reviewed).exit_code == 0
    (written,) = github.comments
    assert f"+ {hostile}" in written["body"] and "img" not in written["body"]


def test_an_artifact_about_another_commit_is_refused(reviewed: Proposal, github: StandIn) -> None:
    report = reviewed.report()
    (reviewed.out / "review.json").write_text(json.dumps({**report, "head": "3" * 40}))
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB744]" in done.stderr and github.asked == []


def test_an_artifact_made_to_break_the_comment(reviewed: Proposal, github: StandIn) -> None:
    text = (reviewed.out / "diff.json").read_text("utf-8")
    huge = re.sub(r'"plans":1\b', f'"plans":{"9" * 5_000}', text)
    assert huge != text
    (reviewed.out / "diff.json").write_text(huge)
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB744]" in done.stderr and github.asked == []


def test_a_hostile_artifact_is_refused(reviewed: Proposal, github: StandIn) -> None:
    (reviewed.out / "run.sh").write_text("x")
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB743]" in done.stderr and github.asked == []


def test_a_pull_request_that_has_moved_on(reviewed: Proposal, github: StandIn) -> None:
    github.pulls = [pull(7, "4" * 40)]
    done = comment(reviewed)
    assert done.exit_code == 0 and "note[HB745]" in done.stderr and github.comments == []


def test_without_a_token(reviewed: Proposal, github: StandIn) -> None:
    del reviewed.environment["GITHUB_TOKEN"]
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB742]: GITHUB_TOKEN" in done.stderr
    reviewed.environment |= {"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "../x"}
    assert "error[HB742]: GITHUB_REPOSITORY" in comment(reviewed).stderr


def test_another_event(reviewed: Proposal, github: StandIn) -> None:
    token = reviewed.environment["GITHUB_TOKEN"]
    reviewed.on_github(reviewed.pull_request(), github.url)
    reviewed.environment["GITHUB_TOKEN"] = token
    assert "error[HB748]" in comment(reviewed).stderr


def test_an_api_that_refuses_the_comment(reviewed: Proposal, github: StandIn) -> None:
    github.failures = [("POST", 403, {}, False)]
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB746]" in done.stderr
