"""Webhooks of GitHub and GitLab: whether one is genuine, new, and about the branch that is followed.

One that passes is a hint to look at the branch, and nothing else: what its body says is not believed.
Sources: GitHub, "Validating webhook deliveries" and "Webhook events and payloads" (HMAC-SHA256 of the
raw body in X-Hub-Signature-256); GitLab, "Webhooks" (X-Gitlab-Token; signing tokens in the form of
Standard Webhooks 1.0: HMAC-SHA256 of `id.timestamp.body`, base64, five minutes of tolerance).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from handbill.publish.deliveries import Deliveries
from handbill.publish.secrets import Secrets

MAX_BODY = 25 * 1024 * 1024
"""What GitHub sends at most."""
TOLERANCE = 300.0
"""Seconds that a signed timestamp may be off."""
Service: TypeAlias = Literal["github", "gitlab"]
Headers: TypeAlias = Mapping[str, str]
"""Names in lower case."""


class Result(StrEnum):
    ACCEPTED = "accepted"
    PING = "ping"
    IGNORED = "ignored"
    REPLAYED = "replayed"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


STATUS: Mapping[Result, int] = {
    Result.ACCEPTED: 202,
    Result.PING: 200,
    Result.IGNORED: 200,
    Result.REPLAYED: 409,
    Result.REFUSED: 401,
    Result.UNREADABLE: 400,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`says` is for whoever reads the list of deliveries there, and tells nothing secret."""

    result: Result
    says: str


class _Push(msgspec.Struct):
    """The little that is looked at: which branch it is about."""

    ref: str = ""


_push_decoder = msgspec.json.Decoder(_Push)


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is expected of one service for one branch."""

    service: Service
    secrets: Secrets
    branch: str
    deliveries: Deliveries
    clock: Callable[[], float] = time.time

    def answer(self, headers: Headers, body: bytes) -> Answer:
        """Checks who sent it first, and only then looks at it."""
        genuine = (
            self._github(headers, body) if self.service == "github" else self._gitlab(headers, body)
        )
        if isinstance(genuine, Answer):
            return genuine
        event = headers.get("x-github-event" if self.service == "github" else "x-gitlab-event", "")
        if not self.deliveries.take(f"{self.service} {mark}" for mark in genuine):
            return Answer(Result.REPLAYED, "this delivery was taken before")
        if event == "ping":
            return Answer(Result.PING, "pong")
        if event not in ("push", "Push Hook"):
            return Answer(Result.IGNORED, "only pushes are listened to")
        return self._of_push(headers, body)

    def _of_push(self, headers: Headers, body: bytes) -> Answer:
        if not headers.get("content-type", "").startswith("application/json"):
            return Answer(Result.UNREADABLE, "choose the content type application/json")
        try:
            ref = _push_decoder.decode(body).ref
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Answer(Result.UNREADABLE, "the body is not that of a push")
        if ref != f"refs/heads/{self.branch}":
            return Answer(Result.IGNORED, "another branch is followed")
        return Answer(Result.ACCEPTED, "looking at the branch")

    def _github(self, headers: Headers, body: bytes) -> tuple[str, ...] | Answer:
        """What marks the delivery. Its id is not signed, so the signature itself is a mark too."""
        signature = headers.get("x-hub-signature-256", "")
        if not any(
            _same(signature, f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}")
            for secret in self.secrets.plain
        ):
            return Answer(Result.REFUSED, "the signature is missing or not ours")
        delivery = headers.get("x-github-delivery", "")
        if not delivery:
            return Answer(Result.UNREADABLE, "X-GitHub-Delivery is missing")
        return f"id {delivery}", f"signature {signature}"

    def _gitlab(self, headers: Headers, body: bytes) -> tuple[str, ...] | Answer:
        """Where a signing token is known, the signature counts; a plain token is then not enough."""
        if self.secrets.signing:
            if not self._is_signed(headers, body):
                return Answer(Result.REFUSED, "the signature is missing, too old or not ours")
        elif not _any_same(headers.get("x-gitlab-token", ""), self.secrets.plain):
            return Answer(Result.REFUSED, "the token is missing or not ours")
        names = ("webhook-id", "idempotency-key", "x-gitlab-event-uuid")
        marks = tuple(f"{name} {headers[name]}" for name in names if headers.get(name))
        if not marks:
            return Answer(Result.UNREADABLE, "X-Gitlab-Event-UUID is missing")
        return marks

    def _is_signed(self, headers: Headers, body: bytes) -> bool:
        identity, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not identity or not (sent.isascii() and sent.isdigit() and len(sent) <= 12):
            return False
        if abs(self.clock() - int(sent)) > TOLERANCE:
            return False
        signed = f"{identity}.{sent}.".encode("utf-8", "replace") + body
        expected = [
            "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            for key in self.secrets.signing
        ]
        given = headers.get("webhook-signature", "").split()[:8]
        return any(_same(one, other) for one in given for other in expected)


def _any_same(given: str, secrets: Iterable[bytes]) -> bool:
    return any(_same(given, secret.decode("utf-8", "replace")) for secret in secrets)


def _same(one: str, other: str) -> bool:
    """In a time that tells nothing of where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
