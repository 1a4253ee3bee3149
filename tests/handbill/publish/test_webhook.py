"""Deliveries as GitHub and GitLab make them, and as somebody else would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from handbill.publish.deliveries import Deliveries
from handbill.publish.secrets import Secrets
from handbill.publish.webhook import Result, Webhook

SECRET = b"It's a Secret to Everybody"
KEY = b"k" * 32
NOW = 1_800_000_000.0
PUSH = json.dumps({"ref": "refs/heads/main", "after": "f" * 40, "commits": [{}]}).encode()


def github(*secrets: bytes) -> Webhook:
    return Webhook("github", Secrets(secrets or (SECRET,)), "main", Deliveries(None), lambda: NOW)


def gitlab(secrets: Secrets) -> Webhook:
    return Webhook("gitlab", secrets, "main", Deliveries(None), lambda: NOW)


def from_github(
    body: bytes, delivery: str = "d1", event: str = "push", **more: str
) -> dict[str, str]:
    signature = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    headers = {
        "x-github-event": event,
        "x-github-delivery": delivery,
        "x-hub-signature-256": f"sha256={signature}",
        "content-type": "application/json",
    }
    return headers | {name.replace("_", "-"): value for name, value in more.items()}


def signed_by_gitlab(body: bytes, at: int = int(NOW), key: bytes = KEY) -> dict[str, str]:
    signature = hmac.new(key, f"msg_1.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "x-gitlab-event": "Push Hook",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1a,AAAA v1,{base64.b64encode(signature).decode()}",
        "content-type": "application/json",
    }


def test_the_example_of_githubs_documentation() -> None:
    """Secret, body and signature of "Validating webhook deliveries", "Testing the validation"."""
    headers = from_github(b"", "d", "ping") | {
        "x-hub-signature-256": "sha256="
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    }
    assert github().answer(headers, b"Hello, World!").result is Result.PING
    assert github().answer(headers, b"Hello, World?").result is Result.REFUSED


def test_the_example_of_standard_webhooks() -> None:
    """The vector of the specification's own libraries."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    hook = Webhook(
        "gitlab", Secrets(signing=(key,)), "main", Deliveries(None), lambda: 1614265330.0
    )
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "x-gitlab-event": "Job Hook",
    }
    assert hook.answer(headers, b'{"test": 2432232314}').result is Result.IGNORED


def test_a_push_to_the_branch_is_accepted_once() -> None:
    hook = github()
    assert hook.answer(from_github(PUSH), PUSH).result is Result.ACCEPTED
    assert hook.answer(from_github(PUSH), PUSH).result is Result.REPLAYED
    renamed = hook.answer(from_github(PUSH, "d2"), PUSH)
    assert renamed.result is Result.REPLAYED, "its id is not signed, so the signature tells"


@pytest.mark.parametrize(
    "change",
    [
        {"x_hub_signature_256": ""},
        {"x_hub_signature_256": "sha256=" + "0" * 64},
        {"x_hub_signature_256": "sha1=" + "0" * 40},
        {"x_hub_signature_256": "é"},
    ],
)
def test_what_is_not_signed_is_refused_and_not_remembered(change: dict[str, str]) -> None:
    hook = github()
    assert hook.answer(from_github(PUSH, **change), PUSH).result is Result.REFUSED
    assert hook.answer(from_github(PUSH), PUSH + b" ").result is Result.REFUSED
    assert hook.answer(from_github(PUSH), PUSH).result is Result.ACCEPTED


def test_two_secrets_count_while_one_is_replaced() -> None:
    assert (
        github(b"the next secret", SECRET).answer(from_github(PUSH), PUSH).result is Result.ACCEPTED
    )
    assert github(b"the next secret").answer(from_github(PUSH), PUSH).result is Result.REFUSED


@pytest.mark.parametrize(
    ("event", "body", "result"),
    [
        ("ping", b"{}", Result.PING),
        ("issues", b"{}", Result.IGNORED),
        ("push", b'{"ref": "refs/heads/side"}', Result.IGNORED),
        ("push", b'{"ref": "refs/tags/main"}', Result.IGNORED),
        ("push", b"{}", Result.IGNORED),
        ("push", b"not json", Result.UNREADABLE),
        ("push", b'{"ref": 3}', Result.UNREADABLE),
        ("push", b"[" * 100_000, Result.UNREADABLE),
        ("push", b'{"ref": "\xff"}', Result.UNREADABLE),
    ],
)
def test_only_pushes_to_the_branch_count(event: str, body: bytes, result: Result) -> None:
    assert github().answer(from_github(body, event=event), body).result is result


def test_a_form_and_a_missing_id_are_said() -> None:
    form = from_github(PUSH, content_type="application/x-www-form-urlencoded")
    assert "application/json" in github().answer(form, PUSH).says
    assert github().answer(from_github(PUSH, ""), PUSH).result is Result.UNREADABLE


def test_gitlabs_token() -> None:
    hook = gitlab(Secrets((SECRET,)))
    headers = {
        "x-gitlab-event": "Push Hook",
        "x-gitlab-token": SECRET.decode(),
        "x-gitlab-event-uuid": "u1",
        "content-type": "application/json; charset=utf-8",
    }
    assert hook.answer(headers | {"x-gitlab-token": "guess"}, PUSH).result is Result.REFUSED
    assert hook.answer(headers | {"x-gitlab-token": ""}, PUSH).result is Result.REFUSED
    assert hook.answer(headers, PUSH).result is Result.ACCEPTED
    assert hook.answer(headers, PUSH).result is Result.REPLAYED
    assert hook.answer(headers | {"x-gitlab-event-uuid": "u2"}, PUSH).result is Result.ACCEPTED
    del headers["x-gitlab-event-uuid"]
    assert hook.answer(headers, PUSH).result is Result.UNREADABLE


def test_gitlabs_signature() -> None:
    hook = gitlab(Secrets((SECRET,), (KEY,)))
    assert hook.answer(signed_by_gitlab(PUSH), PUSH).result is Result.ACCEPTED
    assert hook.answer(signed_by_gitlab(PUSH), PUSH).result is Result.REPLAYED
    assert hook.answer(signed_by_gitlab(PUSH), PUSH + b" ").result is Result.REFUSED
    other = signed_by_gitlab(PUSH, key=b"o" * 32)
    assert hook.answer(other, PUSH).result is Result.REFUSED
    token_only = {"x-gitlab-token": SECRET.decode(), "x-gitlab-event-uuid": "u"}
    assert hook.answer(token_only, PUSH).result is Result.REFUSED, "no way around the signature"


@pytest.mark.parametrize("off", [-301, 301])
def test_an_old_signature_is_refused(off: int) -> None:
    headers = signed_by_gitlab(PUSH, at=int(NOW) + off)
    assert gitlab(Secrets(signing=(KEY,))).answer(headers, PUSH).result is Result.REFUSED


@pytest.mark.parametrize("sent", ["", "x", "-1", "٣", "9" * 400])
def test_an_odd_timestamp_is_refused(sent: str) -> None:
    headers = signed_by_gitlab(PUSH) | {"webhook-timestamp": sent}
    assert gitlab(Secrets(signing=(KEY,))).answer(headers, PUSH).result is Result.REFUSED
