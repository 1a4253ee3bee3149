"""The few calls of GitHub's REST API (2022-11-28) that a review needs, and when to try one again.

Waits and limits are those of GitHub's "Best practices for using the REST API": `Retry-After` is kept
to, a server's error is tried again with growing pauses, and what may have been done is not done twice.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import httpx

ATTEMPTS = 5
MAX_WAIT = 60.0
"""Seconds before one further try."""
MAX_ANSWER = 16 * 1024 * 1024
PAGE = 100
MAX_PAGES = 30

Sleep = Callable[[float], None]


class ApiError(Exception):
    """GitHub said no, or nothing, often enough. `status` is 0 where there was no answer; `undone` says
    that the request surely had no effect."""

    def __init__(self, message: str, status: int, undone: bool) -> None:
        super().__init__(message)
        self.status = status
        self.undone = undone


class GitHub:
    """One repository's API. Use as a context manager."""

    def __init__(
        self, api_url: str, repository: str, token: str, sleep: Sleep = time.sleep
    ) -> None:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "User-Agent": "handbill",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._base = f"{api_url.rstrip('/')}/repos/{repository}"
        self._client = httpx.Client(headers=headers, timeout=30.0, follow_redirects=False)
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def objects(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """The objects of a list, page by page, at most MAX_PAGES of them."""
        for page in range(1, MAX_PAGES + 1):
            found = self._ask("GET", path, query={**query, "per_page": PAGE, "page": page})
            items = found if isinstance(found, list) else []
            yield from (each for each in items if isinstance(each, dict))
            if len(items) < PAGE:
                return

    def patch(self, path: str, body: dict[str, str]) -> None:
        self._ask("PATCH", path, body=body)

    def post(self, path: str, body: dict[str, str]) -> None:
        """Not tried again where it may have been done: `ApiError.undone` is then false."""
        self._ask("POST", path, body=body)

    def _ask(
        self,
        method: str,
        path: str,
        query: dict[str, str | int] | None = None,
        body: dict[str, str] | None = None,
    ) -> Any:
        error = ApiError("", 0, True)
        for attempt in range(ATTEMPTS):
            try:
                with self._client.stream(
                    method, f"{self._base}/{path}", params=query, json=body
                ) as answer:
                    data = _read(answer)
            except httpx.HTTPError as failed:
                undone = isinstance(failed, httpx.ConnectError)
                error = ApiError(f"no answer: {type(failed).__name__}", 0, undone)
                wait = _pause(attempt)
            else:
                if answer.is_success:
                    return _decoded(data, answer.status_code)
                error = _refused(answer, data)
                limited = _wait_of(answer, data)
                if answer.status_code < 500 and limited is None:
                    raise error
                wait = _pause(attempt) if limited is None else limited
            if method == "POST" and not error.undone:
                raise error
            if attempt + 1 < ATTEMPTS:
                self._sleep(min(wait, MAX_WAIT))
        raise error


def _pause(attempt: int) -> float:
    return float(2**attempt)


def _read(answer: httpx.Response) -> bytes:
    data = b""
    for chunk in answer.iter_bytes():
        data += chunk
        if len(data) > MAX_ANSWER:
            raise ApiError("an answer without end", answer.status_code, False)
    return data


def _decoded(data: bytes, status: int) -> Any:
    try:
        return json.loads(data) if data else None
    except (ValueError, RecursionError):
        raise ApiError("an answer that is no JSON", status, False) from None


def _refused(answer: httpx.Response, data: bytes) -> ApiError:
    """A request that was refused had no effect; a server that failed may have done it."""
    try:
        message = json.loads(data)["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        message = answer.reason_phrase
    status = answer.status_code
    return ApiError(f"{status} {str(message)[:200]}", status, status < 500)


def _wait_of(answer: httpx.Response, data: bytes) -> float | None:
    """Seconds to wait for a limit of rates, primary or secondary; None where it is none."""
    if answer.status_code not in (403, 429):
        return None
    after = answer.headers.get("Retry-After", "")
    if after.isdigit():
        return float(after)
    spent = answer.headers.get("X-RateLimit-Remaining") == "0"
    if answer.status_code == 429 or spent or b"secondary rate limit" in data:
        return MAX_WAIT
    return None
