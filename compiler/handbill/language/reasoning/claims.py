"""What a configuration takes for granted about its customers, to be examined once it compiles.

Lowering notes each claim where it is made and asks nothing; `proving` examines them when somebody wants to
know. A claim is that some customer can meet a condition: that there is anybody in the audience, that an
exclusion excludes anybody, that a branch is ever taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.expressions.decisions import Decision
from handbill.language.expressions.facts import Assumption
from handbill.language.expressions.reads import locals_in, nodes_of, substituted
from handbill.language.reasoning.question import all_of, negation
from handbill.language.vocabulary.records import Vocabulary
from handbill.plan.ir import Expression, Field, Local

ITEM_ROOT = "item"
"""The root of what a loop names: its item, `NAME.index0` and `NAME.length`."""


class ClaimKind(StrEnum):
    INCLUDED = "included"
    """Somebody meets the include."""
    LEFT = "left"
    """Somebody is left after the exclusions."""
    NOT_EVERYONE = "not everyone"
    """Somebody does not meet the include."""
    EXCLUDED = "excluded"
    """Somebody who is included, and not excluded before, is excluded."""
    OFFERED = "offered"
    """Somebody in the audience gets this choice of the offer."""
    TAKEN = "taken"
    """The condition of a branch holds for somebody who gets there."""
    NOT_TAKEN = "not taken"
    """It does not hold for somebody who gets there."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Some customer meets every one of `conditions`, evaluated in order.

    `subject` names what the claim is about (an exclusion, an offer), where it has a name; `otherwise`
    is, of a branch, whether something is written for the case that it is not taken.
    """

    kind: ClaimKind
    conditions: tuple[Expression, ...]
    range: SourceRange
    subject: str = ""
    otherwise: bool = False

    @property
    def condition(self) -> Expression:
        return all_of(self.conditions)


@dataclass(frozen=True, slots=True)
class Claims:
    """What one campaign claims, of customers as the vocabulary declares them."""

    tenant: str
    campaign: str
    vocabulary: Vocabulary = field(repr=False)
    claims: tuple[Claim, ...] = ()
    decisions: tuple[Decision, ...] = field(default=(), repr=False)
    """The branches of its texts and rules; what they claim is made out when it is asked for."""

    def each(self) -> Iterator[Claim]:
        yield from self.claims
        for decision in self.decisions:
            yield from claims_of_decision(decision)


def conditions_of(assumptions: Iterable[Assumption]) -> Iterator[Expression]:
    """What holds, as conditions."""
    for each in assumptions:
        yield each.condition if each.holds else negation(each.condition)


def claims_of_decision(decision: Decision) -> Iterator[Claim]:
    """That a branch is taken; and, of the last of several, that it is not always.

    Inside a loop that is: for some customer and some item.
    """

    def closed(condition: Expression) -> Expression:
        return with_items(substituted(condition, decision.meanings))

    way = tuple(dict.fromkeys(map(closed, conditions_of(decision.way))))
    condition = closed(decision.condition)
    yield Claim(ClaimKind.TAKEN, (*way, condition), decision.range)
    if decision.last:
        conditions = (*way, negation(condition))
        otherwise = decision.otherwise
        yield Claim(ClaimKind.NOT_TAKEN, conditions, decision.range, otherwise=otherwise)


def with_items(condition: Expression) -> Expression:
    """The condition with every local name that is free in it a value of the context: (`item`, NAME)."""
    free = locals_in(condition)
    if not free:
        return condition
    types = {
        node.name: node.type
        for node, _ in nodes_of(condition)
        if isinstance(node, Local) and node.name in free
    }
    return substituted(condition, {n: Field((ITEM_ROOT, n), t) for n, t in types.items()})
