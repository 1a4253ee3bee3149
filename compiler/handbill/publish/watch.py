"""The publisher: follows a branch and publishes each of its commits, the newest where they come fast.

It looks when it is woken or at an interval, and never stops of itself: a commit that cannot be compiled
or published is reported and the next one is awaited; what the outside world refuses (a store, a remote,
a lost race) is tried again, less and less often. The pointer is renewed in time even when nothing is
committed. Told to stop, it finishes what it is doing.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.model import Environment
from handbill.publish.bell import Bell
from handbill.publish.events import Compiled, Event, Handled, Renewed, Trouble
from handbill.publish.followed import Followed
from handbill.publish.notices import (
    compiler_failed,
    rewritten_branch,
    unknown_environment,
    unreadable_commit,
)
from handbill.publish.orders import NO_ORDERS, Orders
from handbill.publish.origin import origin_of
from handbill.publish.publication import Publication
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.remote import FetchFailed
from handbill.publish.renewal import renew
from handbill.publish.reviewed import Reviews
from handbill.publish.stopwatch import Stopwatch
from handbill.publish.trouble import diagnostic_of
from handbill.store.errors import StoreError

RENEWAL_INTERVAL = 60.0
TEND_INTERVAL = 1.0
COMPILE_ATTEMPTS = 5
"""How often a commit that the operating system keeps from being compiled is tried before it is left."""
_FIRST_RETRY, _LONGEST_RETRY = 1.0, 60.0
_LONGEST_REST = 30.0


CompileCommit: TypeAlias = Callable[[Path, str], Compiled]


@dataclass
class BranchPublisher:
    """Follows `branch` into one environment; `report` hears of everything, in order.

    The environment as a commit defines it says which store to publish to: `publisher_for` opens it
    (a StoreError is tried again). Whoever rings the `bell` has it look at once.
    """

    branch: Followed
    environment: str
    publisher_for: Callable[[Environment], Publisher]
    compile_commit: CompileCommit
    report: Callable[[Event], None]
    bell: Bell = field(default_factory=Bell)
    reviews: Reviews | None = None
    orders_for: Callable[[Compiled], Orders] | None = None
    """How much of a commit goes out at once; all of it where nobody says."""
    tend: Callable[[Publisher], Publication | None] | None = None
    """Takes the step of a rollout that is due; asked every `tend_interval` seconds."""
    tend_interval: float = TEND_INTERVAL
    turned: Callable[[], None] | None = None
    """Hears of every turn of the loop."""
    seen: Callable[[], None] | None = None
    """Hears whenever the branch is known to be up to date."""
    renewal_interval: float = RENEWAL_INTERVAL
    first_retry: float = _FIRST_RETRY
    publisher: Publisher | None = field(default=None, init=False)
    """For the store that the newest commit with this environment names."""
    _done: str | None = field(default=None, init=False)
    _waits_until: datetime | None = field(default=None, init=False)
    _renewed: float = field(default_factory=time.monotonic, init=False)
    _tended: float = field(default_factory=time.monotonic, init=False)
    _failed: tuple[str, int] = field(default=("", 0), init=False)

    def run(self, stop: threading.Event) -> None:
        """Publishes the tip and every later one until `stop` is set (and the bell rung)."""
        retry = self.first_retry
        while not stop.is_set():
            if self.turned is not None:
                self.turned()
            try:
                self._look(stop)
                self._do_what_is_due()
                retry = self.first_retry
            except (StoreError, OSError, FetchFailed) as error:
                if stop.is_set():
                    return
                self.report(Trouble(_trouble(error), retry))
                self.bell.wait(retry)
                retry = min(2 * retry, _LONGEST_RETRY)
                continue
            self._rest(stop)

    def _rest(self, stop: threading.Event) -> None:
        if not stop.is_set():
            longest = self.tend_interval if self.tend is not None else _LONGEST_REST
            self.bell.wait(min(self.branch.rest(), longest))

    def _look(self, stop: threading.Event) -> None:
        hinted = self.bell.heard()
        started = time.monotonic()
        fetched = self.branch.refresh(hinted, stop.is_set)
        tip = self.branch.tip()
        if self.seen is not None and (fetched is not None or self.branch.is_local):
            self.seen()
        if tip is None or (tip == self._done and not self._is_thawed()):
            return
        steps: dict[str, float] = {}
        if hinted is not None:
            steps["noticed"] = max(0.0, started - hinted)
        elif fetched is None and (moved := self.branch.moved_at()) is not None:
            steps["noticed"] = max(0.0, time.time() - moved)
        if fetched is not None:
            steps["fetched"] = fetched
        self._handle(tip, steps)
        self._done = tip

    def _handle(self, commit: str, steps: dict[str, float]) -> None:
        """Raises what `run` tries again."""
        started = compiled_at = time.monotonic()
        try:
            compiled = self._compile(commit)
            compiled_at = time.monotonic()
            steps["compiled"] = compiled_at - started
            publication, diagnostics = self._publish(compiled, commit, steps)
        except (StoreError, OSError):
            raise
        except Exception as error:  # one commit must not end publishing for every tenant
            found = (
                unreadable_commit(commit, error.error)
                if isinstance(error, _CannotCompile)
                else compiler_failed(commit, _line(error))
            )
            self.report(Handled(commit, None, None, (found,), time.monotonic() - started, 0.0))
            return
        self.report(
            Handled(
                commit,
                compiled,
                publication,
                (*self._rewritten(commit), *compiled.diagnostics, *diagnostics),
                compiled_at - started,
                time.monotonic() - compiled_at,
                steps,
            )
        )

    def _compile(self, commit: str) -> Compiled:
        """An OSError is tried again, but not for ever: then _CannotCompile."""
        try:
            return self.compile_commit(self.branch.repository, commit)
        except OSError as error:
            known, attempts = self._failed
            self._failed = commit, attempts + 1 if known == commit else 1
            if self._failed[1] >= COMPILE_ATTEMPTS:
                raise _CannotCompile(error) from error
            raise

    def _publish(
        self, compiled: Compiled, commit: str, steps: dict[str, float]
    ) -> tuple[Publication | None, tuple[Diagnostic, ...]]:
        if compiled.release is None:
            return None, ()
        environment = compiled.environments.get(self.environment)
        if environment is None:
            return None, (unknown_environment(self.environment, compiled.environments),)
        stopwatch = Stopwatch()
        publisher = replace(self.publisher_for(environment), stopwatch=stopwatch)
        self.publisher = publisher
        publication = publish(
            publisher,
            compiled.release,
            environment,
            contains=self.branch.log.contains,
            leave_withdrawn=True,
            repair=False,
            origin=origin_of(self.branch.log, commit, self.reviews),
            orders=self._orders(compiled),
        )
        self._waits_until = publication.waits_until
        steps |= stopwatch.seconds
        return publication, publication.diagnostics

    def _orders(self, compiled: Compiled) -> Orders:
        orders = self.orders_for(compiled) if self.orders_for is not None else NO_ORDERS
        return replace(orders, waited=self._waits_until) if self._is_thawed() else orders

    def _is_thawed(self) -> bool:
        """Whether a freeze has ended that held back something of the newest commit."""
        until, publisher = self._waits_until, self.publisher
        return until is not None and publisher is not None and publisher.clock() >= until

    def _rewritten(self, commit: str) -> tuple[Diagnostic, ...]:
        done = self._done
        if done is None or self.branch.log.contains(commit, done):
            return ()
        return (rewritten_branch(self.branch.name, commit, done),)

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        if self.publisher is None:
            return
        if self.tend is not None and now - self._tended >= self.tend_interval:
            self._tended = now
            self._told(self.tend(self.publisher))
        if now - self._renewed >= self.renewal_interval:
            self._renewed = now
            self._told(renew(self.publisher))

    def _told(self, publication: Publication | None) -> None:
        if publication is not None:
            self.report(Renewed(publication))


class _CannotCompile(Exception):
    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def _line(error: Exception) -> str:
    return "".join(traceback.format_exception_only(error)).strip()


def _trouble(error: StoreError | OSError | FetchFailed) -> Diagnostic:
    match error:
        case StoreError():
            return diagnostic_of(error)
        case FetchFailed():
            return error.diagnostic
        case _:
            return Diagnostic("HB852", f"the repository cannot be read: {error.strerror or error}")
