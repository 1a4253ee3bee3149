"""What a run came to, counted from the ledger: everyone who was considered is in one number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.model import PENDING, Occurrence, State, Tally


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """`planned` = accepted + failed + suppressed + uncertain + waiting."""

    planned: int
    accepted: int
    uncertain: int
    waiting: int
    """Held for a later hour, or to be tried again."""
    failed: Mapping[str, int]
    suppressed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunReport:
    """`considered` = not_included + selected + excluded + held_out + suppressed, all of customers.

    The mappings are reason → customers. `channels` counts messages of the selected.
    """

    occurrence: Occurrence
    campaign: str
    plan: str
    zones: tuple[str, ...]
    not_included: int
    selected: int
    excluded: Mapping[str, int]
    held_out: Mapping[str, int]
    suppressed: Mapping[str, int]
    channels: Mapping[str, ChannelReport]
    refused_on: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Channel → reason → customers: the channel that told why a customer was suppressed."""
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """Reason → rows of the data that no run can use; filled by `run_occurrence`."""

    @property
    def considered(self) -> int:
        apart = (self.excluded, self.held_out, self.suppressed)
        return self.not_included + self.selected + sum(sum(part.values()) for part in apart)


def report_run(ledger: Ledger, occurrence: Occurrence) -> RunReport | None:
    """None for an occurrence that has not begun."""
    runs = ledger.runs_of(occurrence)
    if not runs:
        return None
    selections, messages = ledger.tally(occurrence)
    return RunReport(
        occurrence=occurrence,
        campaign=runs[-1].campaign,
        plan=runs[-1].plan,
        zones=tuple(run.zone for run in runs),
        not_included=sum(run.not_included for run in runs),
        selected=sum(row.count for row in selections if row.outcome == "selected"),
        excluded=_reasons(selections, "excluded"),
        held_out=_reasons(selections, "held_out"),
        suppressed=_reasons(selections, "suppressed"),
        channels={
            channel: _channel([row for row in messages if row.channel == channel])
            for channel in sorted({row.channel for row in messages})
        },
        refused_on={
            channel: _reasons([row for row in selections if row.channel == channel], "suppressed")
            for channel in sorted(
                {row.channel for row in selections if row.outcome == "suppressed" and row.channel}
            )
        },
    )


def _channel(rows: Sequence[Tally]) -> ChannelReport:
    def total(*states: State) -> int:
        return sum(row.count for row in rows if row.outcome in states)

    return ChannelReport(
        planned=sum(row.count for row in rows),
        accepted=total(State.ACCEPTED),
        uncertain=total(State.UNCERTAIN),
        waiting=total(*PENDING, State.SENDING),
        failed=_reasons(rows, State.FAILED),
        suppressed=_reasons(rows, State.SUPPRESSED),
    )


def _reasons(rows: Sequence[Tally], outcome: str) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        if row.outcome == outcome:
            counts[row.reason] += row.count
    return dict(sorted(counts.items()))
