"""How much there is of a list's items that pass a filter; where one filter implies another, no more.

"At least three purchases within 30 days" lies within "at least two within 60": each purchase that the first
counts, the second counts too. That is asked of one item, whichever it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from handbill.language.reasoning.formulas.terms import Formula
from handbill.plan.ir import Each, Expression, Step

MAX_PAIRS = 30


@dataclass(frozen=True)
class Pipeline:
    """`steps` are the filters over `base`, from the list outwards; `mapped` what is taken of each."""

    base: Expression
    steps: tuple[Each, ...]
    mapped: Each | None


def filtered(items: Expression) -> Pipeline | None:
    """The list as filters over another, and at most one MAP after them; None for anything else."""
    mapped = None
    if isinstance(items, Each) and items.step is Step.MAP:
        mapped, items = items, items.items
    steps: list[Each] = []
    while isinstance(items, Each) and items.step is Step.SELECT:
        steps.insert(0, items)
        items = items.items
    if isinstance(items, Each):
        return None
    return Pipeline(items, tuple(steps), mapped)


@dataclass(frozen=True)
class Measure:
    """`value` grows with every item for which `passes` holds and never falls."""

    passes: Formula
    value: Formula


@dataclass
class Measures:
    """The measures of one question, by what they measure."""

    _by_kind: dict[str, list[Measure]] = field(default_factory=dict)

    def add(self, kind: str, passes: Formula, value: Formula) -> None:
        known = self._by_kind.setdefault(kind, [])
        if all(not each.value.eq(value) for each in known):
            known.append(Measure(passes, value))

    def pairs(self) -> list[tuple[Measure, Measure]]:
        """Measures of one kind that may be compared, in both directions."""
        found = [
            (one, other)
            for measures in self._by_kind.values()
            for one in measures
            for other in measures
            if one is not other
        ]
        return found[:MAX_PAIRS]
