"""What a publisher that follows a branch reports: one event after another, each a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.model import Environment
from handbill.publish.publication import Publication

STEPS = ("noticed", "fetched", "compiled", "decided", "packs", "history", "pointer")
"""In the order of time. noticed: from the branch's move, as far as known (a webhook's arrival, or the
time of the branch's file), to the look at it. decided: reading what is active and merging with it.
packs: writing what is new, pictures too. pointer: the moment after which runtimes can see it."""


class Compiled(Protocol):
    """What one commit compiles to; `release` is None where nothing could be compiled at all."""

    @property
    def release(self) -> CompiledRelease | None: ...

    @property
    def environments(self) -> Mapping[str, Environment]: ...

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]: ...


@dataclass(frozen=True, slots=True)
class Handled:
    """One commit, from noticing its branch moved to having published it (or not).

    `publication` is None where there was nothing to publish. Times are seconds; `steps` has those of
    STEPS that happened.
    """

    commit: str
    compiled: Compiled | None
    publication: Publication | None
    diagnostics: tuple[Diagnostic, ...]
    compile_seconds: float
    publish_seconds: float
    steps: Mapping[str, float] = field(default_factory=dict)


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
