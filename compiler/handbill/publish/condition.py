"""How a publisher is doing, for whoever asks over HTTP: is it alive, and does it do its job now.

Alive: its loop went round lately; otherwise it should be restarted. Ready: the branch was seen lately,
its newest commit was handled, and the store answers; otherwise somebody should look, and a restart
would change nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handbill.publish.events import Event, Handled, Renewed, Trouble

STUCK_SECONDS = 900.0
"""One commit may be compiled for long, but not for this long."""
STORE_SECONDS = 60.0
"""How old the last answer of the store may be."""


@dataclass(frozen=True, slots=True)
class _Last:
    """Of the last commit. `at` is in seconds of the clock that was given."""

    commit: str
    outcome: str
    at: float


class Condition:
    """Written by the publisher's threads, read by the server's. Ages are seconds.

    `branch_seconds`: how old a look at the branch may be.
    """

    def __init__(self, branch_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._branch_seconds = clock, branch_seconds
        self._lock = threading.Lock()
        self._turned = clock()
        self._branch_seen: float | None = None
        self._store_seen: float | None = None
        self._last: _Last | None = None
        self._trouble: str | None = None

    def turned(self) -> None:
        """The loop went round."""
        self._turned = self._clock()

    def branch_seen(self) -> None:
        """The branch is known to be up to date."""
        self._branch_seen = self._clock()

    def store_seen(self) -> None:
        """The store answered."""
        self._store_seen = self._clock()

    def record(self, event: Event) -> None:
        with self._lock:
            match event:
                case Handled(publication=publication):
                    outcome = publication.outcome.value if publication else "not published"
                    self._last = _Last(event.commit, outcome, self._clock())
                    self._trouble = None
                    if publication is not None:
                        self.store_seen()
                case Renewed():
                    self.store_seen()
                case Trouble(diagnostic=diagnostic):
                    self._trouble = f"{diagnostic.code}: {diagnostic.message}"

    @property
    def is_alive(self) -> bool:
        return self._clock() - self._turned < STUCK_SECONDS

    def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether it is ready, and why (not); of the commit only what it came to."""
        with self._lock:
            branch, store = self._age(self._branch_seen), self._age(self._store_seen)
            problems = [
                *(
                    ["the branch was not seen lately"]
                    if _older(branch, self._branch_seconds)
                    else []
                ),
                *(["the store did not answer lately"] if _older(store, STORE_SECONDS) else []),
                *(["no commit was handled yet"] if self._last is None else []),
                *([self._trouble] if self._trouble else []),
            ]
            body: dict[str, Any] = {"ready": not problems, "problems": problems}
            body |= {"branch_seen_seconds_ago": branch, "store_seen_seconds_ago": store}
            if self._last is not None:
                body |= {"commit": self._last.commit, "outcome": self._last.outcome}
                body["handled_seconds_ago"] = self._age(self._last.at)
            return not problems, body

    def _age(self, at: float | None) -> float | None:
        return None if at is None else round(self._clock() - at, 1)


def _older(age: float | None, limit: float) -> bool:
    return age is None or age > limit
