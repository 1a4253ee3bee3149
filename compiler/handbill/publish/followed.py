"""What a publisher asks of the branch that it follows, wherever that is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from handbill.publish.commits import CommitLog


class Followed(Protocol):
    """A branch here (`Branch`) or elsewhere (`RemoteBranch`)."""

    @property
    def repository(self) -> Path: ...

    @property
    def name(self) -> str: ...

    @property
    def is_local(self) -> bool:
        """Whether a look at the tip is always a look at the newest."""
        ...

    @property
    def log(self) -> CommitLog: ...

    def refresh(self, hinted: float | None, stop: Callable[[], bool]) -> float | None:
        """Brings the branch up to date if that is due; seconds that it took, None where it was not.
        `hinted`: when somebody said that it moved. Raises FetchFailed."""
        ...

    def rest(self) -> float: ...

    def tip(self) -> str | None: ...

    def moved_at(self) -> float | None: ...
