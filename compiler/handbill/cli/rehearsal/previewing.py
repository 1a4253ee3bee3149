"""Previews: what customers get of a campaign as one release has it, with nothing sent.

A tenant's customers are imported once and asked about by all of its campaigns. Where the audience has
none of them on any side, an `example` is searched for, the same one for all sides. Nothing here raises
because of a persona, a campaign or data: what cannot be rendered has no parts and says why.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self, TypeAlias

import msgspec

from handbill.assertions.subject import Subject as Tested
from handbill.assertions.suite import Persona
from handbill.cli.rehearsal.cast import Cast, Role, left_out_safely, open_personas
from handbill.cli.rehearsal.examples import example_row, find_example, in_words
from handbill.cli.rehearsal.rendering import WOULD_NOT, is_selected, render
from handbill.cli.rehearsal.side_subject import PlanNames, changed_plans, subject_of
from handbill.diff.model import Rendering, Subject
from handbill.diff.sides import OpenSide
from handbill.language.reasoning.question import Example
from handbill.language.reasoning.reasoner import Reasoner
from handbill.plan.values import Row
from handbill_runtime.stages.compiled import STEP_MESSAGE, CompiledPlan
from handbill_runtime.stages.hours import local_date
from handbill_runtime.stages.reach import Recipient

EXAMPLE = "example"
LONGEST = 100
"""Characters of what is said about an example."""
KEPT_OPEN = 2
"""Tenants whose customers stay imported: the two sides of a change."""
OpenCast: TypeAlias = Callable[[Tested], AbstractContextManager[Cast]]


class Previewing:
    """Renders at the instant `at`. Use as a context manager; satisfies `diff.protocols.Previews`."""

    def __init__(
        self,
        sides: Sequence[OpenSide],
        personas: Mapping[str, Persona],
        at: datetime.datetime,
        *,
        plans: PlanNames | None = None,
        opened: OpenCast | None = None,
        every_locale: bool = False,
    ) -> None:
        """A naive `at` is UTC. `plans` says which campaigns of a tenant are asked about, by default those
        that differ between the sides; `opened` gives other customers than the personas, and no
        example. Without `every_locale` a customer gets the locale that they would get, and one that
        nobody would get is shown once."""
        self._sides = tuple(sides)
        self._at = at = at if at.tzinfo else at.replace(tzinfo=datetime.UTC)
        self._plans = plans or changed_plans(self._sides)
        self._open = opened or (lambda tested: open_personas(tested, personas, at))
        self._every_locale = every_locale
        self._with_examples = opened is None
        self._reasoner = Reasoner()
        self._casts: dict[tuple[int, str], tuple[Cast, ExitStack]] = {}
        self._examples: dict[tuple[str, str], str | Example | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._casts:
            self._close_first()
        self._reasoner.__exit__(kind, error, trace)

    def renderings(
        self, side: OpenSide, subject: Subject, message: str, channel: str
    ) -> tuple[Rendering, ...]:
        """Those who really get it come first; see `diff.protocols.Previews`."""
        cast = self._cast(side, subject.tenant)
        compiled = cast.plans.get(subject.campaign) if cast is not None else None
        if cast is None or compiled is None or message != STEP_MESSAGE:
            return ()
        roles = self._roles(cast, subject)
        contract = cast.subject.channels.get(channel)
        found = [
            render(compiled, role, variant.name, channel, locale, contract, self._at)
            for variant in compiled.plan.variants
            if compiled.has_content(variant.name, channel)
            for role, locale in self._with_locales(compiled, roles)
        ]
        shown = [self._told(cast, subject, each) for each in found]
        return tuple(sorted(shown, key=lambda each: (WOULD_NOT in each.note, not each.parts)))

    def _who(self, cast: Cast, subject: Subject) -> str:
        """Who the example is, as far as the audience asks."""
        example = self._example(subject)
        if isinstance(example, str):
            persona, filled = cast.stand_ins.get(example, ("", ""))
            return f"{persona} with {filled}" if persona else ""
        if example is None:
            return ""
        words = in_words(cast.plans[subject.campaign].plan, cast.subject.tenant, example)
        return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"

    def _told(self, cast: Cast, subject: Subject, rendering: Rendering) -> Rendering:
        """Of an example, who it is."""
        if rendering.persona != EXAMPLE:
            return rendering
        who = self._who(cast, subject)
        notes = [f"an example: {who}" if who else "", rendering.note]
        return msgspec.structs.replace(rendering, note="; ".join(filter(None, notes)))

    def _with_locales(
        self, compiled: CompiledPlan, roles: Sequence[Role]
    ) -> Sequence[tuple[Role, str]]:
        locales = compiled.plan.locales
        if self._every_locale:
            return [(role, locale) for role in roles for locale in locales]
        own = [(role, compiled.locale(role.locale)) for role in roles]
        shown = {locale for _, locale in own}
        first = next((role for role in roles if is_selected(role)), None)
        others = [locale for locale in locales if locale not in shown]
        return [*own, *((first, locale) for locale in others if first is not None)]

    # ── customers ────────────────────────────────────────────────────────────────────────────────

    def _roles(self, cast: Cast, subject: Subject) -> tuple[Role, ...]:
        roles = cast.roles(subject.campaign)
        example = self._example(subject)
        found = None if example is None else _as_role(cast, subject.campaign, example)
        return roles if found is None else (*roles, found)

    def _example(self, subject: Subject) -> str | Example | None:
        """The name of a stand-in, or a customer who was searched for. The newest side that selects
        anybody has the say; None where a persona is selected, or nobody is found."""
        key = (subject.tenant, subject.campaign)
        if key not in self._examples:
            self._examples[key] = self._search(subject) if self._with_examples else None
        return self._examples[key]

    def _search(self, subject: Subject) -> str | Example | None:
        casts = [self._cast(side, subject.tenant) for side in reversed(self._sides)]
        having = [cast for cast in casts if cast is not None and subject.campaign in cast.plans]
        if any(is_selected(role) for cast in having for role in cast.roles(subject.campaign)):
            return None
        for cast in having:
            stand_ins = cast.stand_in_roles(subject.campaign)
            selected = next((role.name for role in stand_ins if is_selected(role)), None)
            if selected is not None:
                return selected
        found = (self._searched(cast, subject.campaign) for cast in having)
        return next((example for example in found if example is not None), None)

    def _searched(self, cast: Cast, campaign: str) -> Example | None:
        plan = cast.plans[campaign].plan
        today = local_date(self._at, plan.timezone)
        near = _near(cast, campaign)
        try:
            return find_example(plan, cast.subject.tenant, today, near, self._reasoner)
        except Exception:  # what cannot be searched for is not found
            return None

    # ── imported once ────────────────────────────────────────────────────────────────────────────

    def _cast(self, side: OpenSide, tenant: str) -> Cast | None:
        """None for a tenant that the side does not have."""
        key = (id(side), tenant)
        if key not in self._casts:
            tested = subject_of(side, tenant, self._plans(tenant))
            if tested is None:
                return None
            while len(self._casts) >= KEPT_OPEN:
                self._close_first()
            stack = ExitStack()
            self._casts[key] = (stack.enter_context(self._open(tested)), stack)
        return self._casts[key][0]

    def _close_first(self) -> None:
        key = next(iter(self._casts))
        self._casts.pop(key)[1].close()


def _as_role(cast: Cast, campaign: str, example: str | Example) -> Role | None:
    """The example as this side sees them: reachable everywhere, in the tenant's zone."""
    plan = cast.plans[campaign].plan
    consent = tuple(f"{channel}.{plan.category.name}" for channel in plan.deliver.order)
    addresses = dict.fromkeys(plan.deliver.order, (EXAMPLE, EXAMPLE))
    recipient = Recipient(EXAMPLE, consent, (), addresses)
    if isinstance(example, str):
        roles = {role.name: role for role in cast.stand_in_roles(campaign)}
        found = roles.get(example)
        return None if found is None else replace(found, name=EXAMPLE, recipient=recipient)
    try:
        row = example_row(plan, cast.subject.tenant, example, _near(cast, campaign))
    except Exception:
        return None
    out = left_out_safely(plan, row, {("run", "date"): cast.today(campaign)})
    return Role(EXAMPLE, row, out, recipient, plan.timezone, None)


def _near(cast: Cast, campaign: str) -> list[Row]:
    """Rows of stand-ins, or of the personas themselves, for an example to begin with."""
    roles = (*cast.stand_in_roles(campaign), *cast.roles(campaign))
    return [role.row for role in roles if role.row is not None]
