"""The publisher: follows a branch of a local repository and publishes each of its commits.

It asks for the branch's tip at a short interval and never stops of itself: a commit that cannot be
compiled or published is reported and the next one is awaited; a store out of reach is tried again.
The pointer is renewed in time even when nothing is committed.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.model import Environment
from handbill.publish.branch import Branch
from handbill.publish.notices import compiler_failed, unknown_environment
from handbill.publish.publication import Publication
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.renewal import renew
from handbill.publish.trouble import diagnostic_of
from handbill.store.errors import StoreError

INTERVAL = 0.005
RENEWAL_INTERVAL = 60.0
_FIRST_RETRY, _LONGEST_RETRY = 1.0, 60.0


class Compiled(Protocol):
    """What one commit compiles to; `release` is None where nothing could be compiled at all."""

    @property
    def release(self) -> CompiledRelease | None: ...

    @property
    def environments(self) -> Mapping[str, Environment]: ...

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]: ...


CompileCommit: TypeAlias = Callable[[Path, str], Compiled]


@dataclass(frozen=True, slots=True)
class Handled:
    """One commit, from noticing its branch moved to having published it (or not).

    `publication` is None where there was nothing to publish. Times are seconds.
    """

    commit: str
    compiled: Compiled | None
    publication: Publication | None
    diagnostics: tuple[Diagnostic, ...]
    compile_seconds: float
    publish_seconds: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """The outside world failed; the same is tried again after `retry_seconds`."""

    diagnostic: Diagnostic
    retry_seconds: float

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return (self.diagnostic,)


@dataclass(frozen=True, slots=True)
class Renewed:
    """The pointer was about to be too old; the same release is valid for longer."""

    publication: Publication

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.publication.diagnostics


Event: TypeAlias = Handled | Trouble | Renewed


@dataclass
class BranchPublisher:
    """Follows `branch` into one environment; `report` hears of everything, in order.

    The environment as a commit defines it says which store to publish to: `publisher_for` opens it
    (a StoreError is tried again).
    """

    branch: Branch
    environment: str
    publisher_for: Callable[[Environment], Publisher]
    compile_commit: CompileCommit
    report: Callable[[Event], None]
    interval: float = INTERVAL
    renewal_interval: float = RENEWAL_INTERVAL
    _publisher: Publisher | None = field(default=None, init=False)
    """For the store that the newest commit with this environment names."""

    def run(self, stop: threading.Event) -> None:
        """Publishes the tip and every later one until `stop` is set."""
        done: str | None = None
        retry = _FIRST_RETRY
        looked = time.monotonic()
        while not stop.is_set():
            try:
                tip = self.branch.tip()
                if tip is not None and tip != done:
                    self._handle(tip)
                    done = tip
                elif time.monotonic() - looked >= self.renewal_interval:
                    self._renew()
                    looked = time.monotonic()
                retry = _FIRST_RETRY
            except (StoreError, OSError) as error:
                self.report(Trouble(_trouble(error), retry))
                stop.wait(retry)
                retry = min(2 * retry, _LONGEST_RETRY)
                continue
            _pause(self.interval, stop)

    def _handle(self, commit: str) -> None:
        """Raises what `run` tries again."""
        started = compiled_at = time.monotonic()
        try:
            compiled = self.compile_commit(self.branch.repository, commit)
            compiled_at = time.monotonic()
            publication, diagnostics = self._publish(compiled)
        except (StoreError, OSError):
            raise
        except Exception as error:  # one commit must not end publishing for every tenant
            found = compiler_failed(commit, "".join(traceback.format_exception_only(error)).strip())
            self.report(Handled(commit, None, None, (found,), time.monotonic() - started, 0.0))
            return
        self.report(
            Handled(
                commit,
                compiled,
                publication,
                (*compiled.diagnostics, *diagnostics),
                compiled_at - started,
                time.monotonic() - compiled_at,
            )
        )

    def _publish(self, compiled: Compiled) -> tuple[Publication | None, tuple[Diagnostic, ...]]:
        if compiled.release is None:
            return None, ()
        environment = compiled.environments.get(self.environment)
        if environment is None:
            return None, (unknown_environment(self.environment, compiled.environments),)
        self._publisher = self.publisher_for(environment)
        publication = publish(
            self._publisher,
            compiled.release,
            environment,
            contains=self.branch.contains,
            leave_withdrawn=True,
            repair=False,
        )
        return publication, publication.diagnostics

    def _renew(self) -> None:
        renewed = renew(self._publisher) if self._publisher else None
        if renewed is not None:
            self.report(Renewed(renewed))


def _pause(seconds: float, stop: threading.Event) -> None:
    """Sleeping costs a fifth of waiting for an event, which tells at 200 looks a second."""
    if seconds > 0.1:
        stop.wait(seconds)
    else:
        time.sleep(seconds)


def _trouble(error: StoreError | OSError) -> Diagnostic:
    if isinstance(error, StoreError):
        return diagnostic_of(error)
    return Diagnostic("HB852", f"the repository cannot be read: {error.strerror or error}")
