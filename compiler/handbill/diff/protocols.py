"""What a diff gets handed in, because only the command line may run the runtime's own stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from handbill.diff.model import AudienceCounts, Rendering, Subject
    from handbill.diff.sides import OpenSide


class Previews(Protocol):
    """Renders messages as people get them."""

    def renderings(
        self, side: OpenSide, subject: Subject, message: str, channel: str
    ) -> tuple[Rendering, ...]:
        """One message of the subject as `side` has it, for every persona, variant and locale that is
        worth showing, in a fixed order; none where the side has no such message. The same persona,
        variant, channel and locale name the same rendering on both sides."""
        ...


class Counts(Protocol):
    """Counts customers of real data, after consent, suppression, caps and holdout."""

    def counts(self, base: OpenSide, head: OpenSide, subject: Subject) -> AudienceCounts | None:
        """Exact, over the same customers on both sides; None where they cannot be counted."""
        ...


@dataclass(frozen=True, slots=True)
class Hands:
    """Processes that are forked off this one: `count` of them work at once.

    `work` gives what each job gives, in order; None for a job that was left undone.
    """

    work: Callable[[Sequence[Callable[[], bytes]]], Sequence[bytes | None]]
    count: int
