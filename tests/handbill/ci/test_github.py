"""The API's client: pages, what is tried again, and what is never done twice."""

from __future__ import annotations

import pytest
from github_stand_in import REPOSITORY, StandIn, comment

from handbill.ci import github
from handbill.ci.github import ATTEMPTS, ApiError, GitHub

POST = "issues/7/comments"


def test_lists_are_read_page_by_page(api: GitHub, world: StandIn) -> None:
    world.comments = [comment(number, "x") for number in range(250)]
    assert [each["id"] for each in api.objects("issues/7/comments")] == list(range(250))
    assert len(world.asked) == 3


def test_a_list_without_end_ends(
    api: GitHub, world: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "MAX_PAGES", 2)
    world.comments = [comment(number, "x") for number in range(500)]
    assert len(list(api.objects("issues/7/comments"))) == 200


def test_a_servers_error_is_tried_again(api: GitHub, world: StandIn, pauses: list[float]) -> None:
    world.failures = [("GET", 502, {}, False), ("GET", 503, {}, False), ("GET", 0, {}, False)]
    assert list(api.objects("issues/7/comments")) == []
    assert pauses == [1.0, 2.0, 4.0]


def test_in_the_end_it_is_given_up(api: GitHub, world: StandIn, pauses: list[float]) -> None:
    world.failures = [("GET", 502, {}, False)] * ATTEMPTS
    with pytest.raises(ApiError, match="502 no"):
        list(api.objects("issues/7/comments"))
    assert len(pauses) == ATTEMPTS - 1


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (403, {"Retry-After": "7"}, 7.0),
        (429, {"Retry-After": "9999"}, 60.0),
        (429, {}, 60.0),
        (403, {"X-RateLimit-Remaining": "0"}, 60.0),
    ],
)
def test_limits_of_rates_are_waited_for(
    api: GitHub,
    world: StandIn,
    pauses: list[float],
    status: int,
    headers: dict[str, str],
    pause: float,
) -> None:
    world.failures = [("POST", status, headers, False)]
    api.post(POST, {"body": "x"})
    assert pauses == [pause] and len(world.comments) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_a_refusal_is_final(api: GitHub, world: StandIn, pauses: list[float], status: int) -> None:
    world.failures = [("PATCH", status, {}, False)]
    with pytest.raises(ApiError) as refused:
        api.patch("issues/comments/1", {"body": "x"})
    assert refused.value.status == status and refused.value.undone and pauses == []


@pytest.mark.parametrize("status", [500, 0])
def test_what_may_have_been_done_is_not_done_again(
    api: GitHub, world: StandIn, pauses: list[float], status: int
) -> None:
    world.failures = [("POST", status, {}, True)]
    with pytest.raises(ApiError) as failed:
        api.post(POST, {"body": "x"})
    assert not failed.value.undone and pauses == [] and len(world.comments) == 1


def test_nobody_there(pauses: list[float]) -> None:
    with (
        GitHub("http://127.0.0.1:1", REPOSITORY, "t", pauses.append) as api,
        pytest.raises(ApiError, match="no answer") as failed,
    ):
        api.post(POST, {"body": "x"})
    assert failed.value.undone and len(pauses) == ATTEMPTS - 1


@pytest.mark.parametrize("raw", [b"<html>", b"[" * 100_000])
def test_an_answer_that_is_no_json(api: GitHub, world: StandIn, raw: bytes) -> None:
    world.raw = raw
    with pytest.raises(ApiError, match="no JSON"):
        list(api.objects("pulls"))


def test_an_answer_without_end(
    api: GitHub, world: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "MAX_ANSWER", 10)
    world.raw = b" " * 100
    with pytest.raises(ApiError, match="without end"):
        list(api.objects("pulls"))


def test_a_refusal_that_is_no_json_has_its_reason(api: GitHub, world: StandIn) -> None:
    world.raw, world.failures = b"<html>", [("GET", 404, {}, False)]
    with pytest.raises(ApiError, match="404 Not Found"):
        list(api.objects("pulls"))


def test_what_is_no_list_is_an_empty_one(api: GitHub, world: StandIn) -> None:
    world.raw = b'{"a": 1}'
    assert list(api.objects("pulls")) == []
    world.raw = b'[1, {"a": 1}]'
    assert list(api.objects("pulls")) == [{"a": 1}]
