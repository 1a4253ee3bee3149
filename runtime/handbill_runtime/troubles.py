"""What tenants could not do, and when it is tried again. One tenant's trouble never stops another.

Selecting and delivering may be two threads: each notes what it alone does, under keys of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handbill_runtime.errors import RuntimeFault
from handbill_runtime.stages.clock import Clock

log = logging.getLogger("handbill.troubles")

NO_TIME, RETRY_AFTER = timedelta(0), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a tenant could not run; its occurrences and messages stay due."""

    tenant: str
    code: str
    message: str
    hint: str


@dataclass(slots=True)
class Troubles:
    """`found` is by tenant and what it could not do; whoever mends that removes it."""

    clock: Clock
    found: dict[tuple[str, str], Trouble] = field(default_factory=dict)
    _retry_at: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def may_try(self, name: str, what: str) -> bool:
        """Whether enough time has passed since it went wrong."""
        retry_at = self._retry_at.get((name, what))
        if retry_at is None:
            return True
        wait = retry_at - self.clock.now()
        return wait <= NO_TIME or wait > RETRY_AFTER  # longer: the clock was set back since

    @contextmanager
    def noting(self, name: str, what: str) -> Iterator[None]:
        """Whatever goes wrong inside is this tenant's trouble, and tried again in a while."""
        try:
            yield
        except Exception as error:  # one tenant's bug is not the others'
            self._retry_at[name, what] = self.clock.now() + RETRY_AFTER
            self.note(name, what, error)
        else:
            self.note(name, what, None)
            self._retry_at.pop((name, what), None)

    def note(self, name: str, what: str, error: Exception | None) -> None:
        """What went wrong, logged when it is news; None where it is well again."""
        if error is None:
            self.found.pop((name, what), None)
            return
        trouble, bug = _trouble(name, error)
        if self.found.get((name, what)) != trouble:
            log.error("%s: %s: %s", name, trouble.code, trouble.message, exc_info=bug)
        self.found[name, what] = trouble


def _trouble(tenant: str, error: Exception) -> tuple[Trouble, Exception | None]:
    """The trouble, and the error again where it is a bug, for the log."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, RuntimeFault):
        return Trouble(tenant, error.code, error.message, error.hint), None
    message = f"running failed: {type(error).__name__}: {error}"
    hint = "it is tried again every minute; if it stays, report it with the runtime's log"
    return Trouble(tenant, "HB950", message, hint), error
