"""Where a template or a rule takes one way or another: noted while checking, examined by `reasoning`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.expressions.facts import Assumption
from handbill.plan.ir import Expression


@dataclass(frozen=True, slots=True)
class Decision:
    """A condition that is not constant, and what holds on the way to it.

    `last`: no other condition is asked where this one does not hold. `otherwise`: then something is
    written for that case. `meanings`: what the names that a template has set stand for.
    """

    condition: Expression
    way: tuple[Assumption, ...]
    range: SourceRange
    meanings: Mapping[str, Expression] = field(default_factory=dict)
    last: bool = True
    otherwise: bool = True
