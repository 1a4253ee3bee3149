"""One comment, whatever fails on the way."""

from __future__ import annotations

import pytest
from github_stand_in import StandIn, comment

from handbill.ci.comment import write_comment
from handbill.ci.github import ApiError, GitHub
from handbill.diff.renderers.markdown import MARKER

TEXT = f"{MARKER}\n### Nothing changes\n"


def bodies(world: StandIn) -> list[str]:
    return [each["body"] for each in world.comments]


def test_the_first_time_it_is_created(api: GitHub, world: StandIn) -> None:
    world.comments = [comment(1, "looks good", "anna")]
    assert write_comment(api, 7, TEXT) == "created"
    assert bodies(world) == ["looks good", TEXT]


def test_then_it_is_updated_in_place(api: GitHub, world: StandIn) -> None:
    world.comments = [comment(n, "x", "anna") for n in range(150)] + [comment(500, TEXT)]
    assert write_comment(api, 7, f"{TEXT}more") == "updated"
    assert bodies(world)[-1] == f"{TEXT}more" and len(world.comments) == 151


def test_nothing_new_is_not_written(api: GitHub, world: StandIn) -> None:
    world.comments = [comment(1, TEXT.replace("\n", "\r\n"))]
    assert write_comment(api, 7, TEXT) == "unchanged"
    assert {each.split()[0] for each in world.asked} == {"GET"}


def test_somebody_elses_comment_with_our_marker_is_left_alone(api: GitHub, world: StandIn) -> None:
    world.comments = [comment(1, TEXT, "mallory"), {"id": 2, "body": TEXT, "user": None}]
    world.comments.append({"id": "3", "body": TEXT, "user": {"login": "github-actions[bot]"}})
    assert write_comment(api, 7, f"{TEXT}more") == "created"
    assert bodies(world)[:2] == [TEXT, TEXT]


@pytest.mark.parametrize("status", [502, 0])
def test_a_creation_that_happened_though_it_failed_is_found(
    api: GitHub, world: StandIn, status: int
) -> None:
    world.failures = [("POST", status, {}, True)]
    assert write_comment(api, 7, TEXT) == "unchanged"
    assert bodies(world) == [TEXT]


def test_a_creation_that_failed_is_tried_again(api: GitHub, world: StandIn) -> None:
    world.failures = [("POST", 502, {}, False)] * 2
    assert write_comment(api, 7, TEXT) == "created"
    assert bodies(world) == [TEXT]


def test_in_the_end_it_is_given_up(api: GitHub, world: StandIn) -> None:
    world.failures = [("POST", 502, {}, False)] * 3
    with pytest.raises(ApiError):
        write_comment(api, 7, TEXT)


def test_a_refusal_is_not_tried_again(api: GitHub, world: StandIn) -> None:
    world.failures = [("POST", 403, {}, False)]
    with pytest.raises(ApiError, match="403"):
        write_comment(api, 7, TEXT)
    assert len(world.asked) == 2
