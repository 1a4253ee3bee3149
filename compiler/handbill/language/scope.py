"""What the names of an expression stand for, and what is already known about them.

A root is one of five things: a record whose values exist at run time, constants of the compile (folded
away), computed values, a plain value such as a loop's item, or the named audiences.
Codes HB500–HB549 are the expressions' (this package's core), HB550–HB599 the templates'.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from handbill.language.expressions.checked import Checked
from handbill.language.expressions.decisions import Decision
from handbill.language.expressions.facts import NOTHING, Assumption, Facts
from handbill.language.vocabulary.vocabulary import Record
from handbill.source.text import SourceText

Constant: TypeAlias = (
    "str | int | Decimal | bool | datetime.date | datetime.datetime"
    " | list[Constant] | tuple[Constant, ...] | Mapping[str, Constant] | None"
)
Computed: TypeAlias = "Checked | Mapping[str, Computed]"


@dataclass(frozen=True, slots=True)
class RecordRoot:
    """Values that exist at run time: `customer`, `run`. They become Field nodes.

    `references` are the datasets that a member's `references` names, `computed` further members that
    are expressions.
    """

    record: Record
    references: Mapping[str, Record] = field(default_factory=dict)
    computed: Mapping[str, SourceText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConstantRoot:
    """Constants of the compile: `tenant`, `brand`, `params`, `campaign`. None means missing.

    `values` may also be a single value (`channel`, or the item of an unrolled loop).
    """

    values: Constant


@dataclass(frozen=True, slots=True)
class ComputedRoot:
    """Names bound to checked expressions, nested as they are written: `offer.reward.percent`."""

    members: Mapping[str, Computed]


@dataclass(frozen=True, slots=True)
class ValueRoot:
    """A plain name with a value of its own: `unsubscribe_url`, a loop's item, a `set` name."""

    value: Checked


Root: TypeAlias = RecordRoot | ConstantRoot | ComputedRoot | ValueRoot


@dataclass(frozen=True, slots=True)
class NamedAudience:
    """A file of `audiences/`: in when `include` holds and no `exclude` does."""

    include: SourceText
    exclude: Mapping[str, SourceText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """`locale` and `currency` decide what the filters `date`, `number` and `money` write, `timezone`
    (the tenant's) which day an instant belongs to.

    `assumptions` are conditions that everybody meets here; a counterexample must meet them too.
    `decisions` gathers every condition that decides between two ways, for whoever wants to know.
    """

    roots: Mapping[str, Root]
    facts: Facts = NOTHING
    audiences: Mapping[str, NamedAudience] = field(default_factory=dict)
    locale: str = "en-US"
    currency: str = "USD"
    timezone: str = "UTC"
    assumptions: tuple[Assumption, ...] = ()
    decisions: list[Decision] | None = None

    def decided(self, decision: Decision) -> None:
        if self.decisions is not None:
            self.decisions.append(decision)

    def assuming(self, facts: Facts, *assumptions: Assumption) -> Scope:
        """The same names where `facts` hold too (inside a branch, after an audience's include)."""
        return self._with(self.roots, self.facts.both(facts), (*self.assumptions, *assumptions))

    def binding(self, name: str, root: Root) -> Scope:
        """The scope with one more name. Shadowing is the caller's to refuse."""
        return self._with({**self.roots, name: root}, self.facts, self.assumptions)

    def _with(
        self, roots: Mapping[str, Root], facts: Facts, assumptions: tuple[Assumption, ...]
    ) -> Scope:
        """Written out: every branch of every template makes one."""
        return Scope(
            roots,
            facts,
            self.audiences,
            self.locale,
            self.currency,
            self.timezone,
            assumptions,
            self.decisions,
        )
