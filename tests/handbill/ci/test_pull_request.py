"""Which pull request has a commit, and who approved it."""

from __future__ import annotations

from github_stand_in import HEAD, StandIn, pull, review

from handbill.ci.github import GitHub
from handbill.ci.pull_request import approvers, pull_request_of
from handbill.diagnostics.diagnostic import Diagnostic, Severity


def test_the_open_one_with_that_head(api: GitHub, world: StandIn) -> None:
    world.pulls = [pull(6, "1" * 40), pull(5, HEAD, "closed"), pull()]
    assert pull_request_of(api, HEAD) == 7


def test_a_forks_commit_is_found_among_the_open_ones(api: GitHub, world: StandIn) -> None:
    world.pulls, world.by_commit = [pull(n, "1" * 40) for n in range(100, 250)] + [pull()], []
    assert pull_request_of(api, HEAD) == 7


def test_none_is_no_mistake(api: GitHub, world: StandIn) -> None:
    world.pulls = [pull(6, "1" * 40)]
    found = pull_request_of(api, HEAD)
    assert isinstance(found, Diagnostic) and found.code == "HB745"
    assert found.severity is Severity.NOTE


def test_of_several_nobody_knows_which(api: GitHub, world: StandIn) -> None:
    world.pulls = [pull(8), pull(7)]
    found = pull_request_of(api, HEAD)
    assert isinstance(found, Diagnostic) and found.is_error and "#7, #8" in found.message


def test_odd_answers_are_no_pull_requests(api: GitHub, world: StandIn) -> None:
    world.raw = b'[{"state": "open", "number": "7", "head": {"sha": "%s"}}, {"state": "open"}]' % (
        HEAD.encode()
    )
    assert isinstance(pull_request_of(api, HEAD), Diagnostic)


def test_the_last_word_on_this_head_counts(api: GitHub, world: StandIn) -> None:
    world.reviews = [
        review("anna", "CHANGES_REQUESTED"),
        review("anna", "APPROVED"),
        review("anna", "COMMENTED"),
        review("ben", "APPROVED"),
        review("ben", "DISMISSED"),
        review("carl", "APPROVED", "1" * 40),
        review("dora", "APPROVED"),
        {"user": None, "state": "APPROVED", "commit_id": HEAD},
    ]
    assert approvers(api, 7, HEAD, author="dora") == ("anna",)
