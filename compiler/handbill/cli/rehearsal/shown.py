"""What of a campaign is to be shown, chosen by names: everything, or these personas, variants, …

Names that are nobody's are mistakes of whoever asks, and are told with the nearest that there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from handbill.cli.rehearsal.previewing import Previewing
from handbill.diagnostics.suggest import closest
from handbill.diff.model import Rendering, Subject
from handbill.diff.sides import OpenSide
from handbill.plan.model import Plan
from handbill_runtime.stages.compiled import STEP_MESSAGE

MOST_MESSAGES = 600
"""Renderings that are shown together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty is all."""

    personas: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()

    def includes(self, rendering: Rendering) -> bool:
        pairs = (
            (self.personas, rendering.persona),
            (self.variants, rendering.variant),
            (self.channels, rendering.channel),
            (self.locales, rendering.locale),
        )
        return all(not names or name in names for names, name in pairs)


@dataclass(frozen=True, slots=True)
class Shown:
    """The plan as it was compiled, and its renderings, of which `left_out` are too many."""

    plan: Plan
    status: str
    """`active`, `paused` or `draft`."""
    renderings: tuple[Rendering, ...] = field(repr=False)
    left_out: int = 0

    def names(self, what: str) -> tuple[str, ...]:
        """The different `persona`, `variant`, `channel` or `locale` of the renderings, in order."""
        return tuple(dict.fromkeys(getattr(each, what) for each in self.renderings))


def unknown_name(wanted: Wanted, plan: Plan, personas: Iterable[str]) -> str | None:
    """What is asked for and is not there, in words; None where all of it is."""
    known: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
        ("persona", wanted.personas, [*personas, "example"]),
        ("variant", wanted.variants, [variant.name for variant in plan.variants]),
        ("channel", wanted.channels, plan.deliver.order),
        ("locale", wanted.locales, plan.locales),
    )
    for what, names, there in known:
        for name in names:
            if name not in there:
                near = closest(name, there)
                hint = f"did you mean `{near}`?" if near else f"it has: {', '.join(there)}"
                return f"there is no {what} `{name}`; {hint}"
    return None


def show_campaign(
    previews: Previewing, side: OpenSide, plan: Plan, status: str, wanted: Wanted
) -> Shown:
    """Who really gets it first, and then channel by channel in the plan's order."""
    subject = Subject(tenant=plan.tenant, campaign=plan.campaign)
    found = [
        rendering
        for channel in plan.deliver.order
        for rendering in previews.renderings(side, subject, STEP_MESSAGE, channel)
        if wanted.includes(rendering)
    ]
    return Shown(plan, status, tuple(found[:MOST_MESSAGES]), max(0, len(found) - MOST_MESSAGES))
