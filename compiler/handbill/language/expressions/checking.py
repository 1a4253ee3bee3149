"""What the parts of the checker share: where we are, what is known here, what was found.

`Checking` is immutable but for the list of findings, which every derived one shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from jinja2 import nodes

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.facts import Assumption, Facts
from handbill.language.scope import Scope
from handbill.language.syntax.tree import name_range_of, range_of, text_of
from handbill.plan.ir import Expression
from handbill.source.text import SourceText

Place: TypeAlias = Literal["rule", "template"]

DEPENDS_ON_VALUES = frozenset(["HB501", "HB511", "HB512", "HB525"])
"""Findings about values: silent where constants rule the branch out."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A part of an expression: as it was written and as it was checked.

    `spelling` is what messages call it where its node does not spell it (`price` for
    `map(attribute='price')`).
    """

    node: nodes.Expr
    value: Checked
    spelling: str | None = None

    @property
    def text(self) -> str:
        return self.spelling or text_of(self.node)


@dataclass(frozen=True, slots=True)
class Within:
    """We are at one item, called `name`, of `items`: inside a filter's condition or a loop."""

    name: str
    items: Expression


@dataclass(frozen=True, slots=True)
class Checking:
    """`whole` is the expression that hints rewrite; `audiences` are those being inlined, `inlined`
    those that were. `within`: the lists of whose items we are at one, the outermost first;
    `depth`: how many filters' conditions are around us, which names the items; `meanings`: what local
    names of the template stand for; `computing`: the computed fields being inlined."""

    source: SourceText
    scope: Scope
    place: Place
    whole: nodes.Expr
    found: list[Diagnostic] = field(default_factory=list)
    audiences: tuple[str, ...] = ()
    inlined: dict[str, Checked] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    within: tuple[Within, ...] = ()
    depth: int = 0
    meanings: Mapping[str, Expression] = field(default_factory=dict)
    computing: tuple[str, ...] = ()

    def assuming(self, condition: Checked, holds: bool) -> Checking:
        """Where `condition` turned out so."""
        facts = condition.when_true if holds else condition.when_false
        assumptions = self.assumptions
        if condition.expression is not None and condition.constant is None:
            assumptions = (*assumptions, Assumption(condition.expression, holds))
        return replace(self, scope=self.scope.assuming(facts), assumptions=assumptions)

    @property
    def known_conditions(self) -> tuple[Assumption, ...]:
        """What holds for every customer who gets here: the audience's conditions, and those on the
        way through the template."""
        return (*self.scope.assumptions, *self.assumptions)

    @property
    def facts(self) -> Facts:
        return self.scope.facts

    def report(
        self,
        code: str,
        message: str,
        node: nodes.Node,
        *,
        hint: str | None = None,
        notes: tuple[str, ...] = (),
        related: tuple[Related, ...] = (),
        witness: Mapping[str, object] | None = None,
        severity: Severity = Severity.ERROR,
        name_only: bool = False,
    ) -> Checked:
        """Records a finding at `node`, or at its own name; the result stands for the value that
        there is not."""
        if not (self.facts.impossible and code in DEPENDS_ON_VALUES):
            where = (name_range_of if name_only else range_of)(node, self.source)
            self.found.append(
                Diagnostic(code, message, where, severity, hint, notes, related, witness)
            )
        return FAILED


@dataclass(frozen=True, slots=True)
class WayHere:
    """How a template gets to an expression: the conditions that held, the loops we are in, and what
    the names it has set stand for."""

    assumptions: tuple[Assumption, ...] = ()
    within: tuple[Within, ...] = ()
    meanings: Mapping[str, Expression] = field(default_factory=dict)

    def checking(
        self, source: SourceText, scope: Scope, place: Place, whole: nodes.Expr
    ) -> Checking:
        return Checking(
            source,
            scope,
            place,
            whole,
            assumptions=self.assumptions,
            within=self.within,
            meanings=self.meanings,
        )


NO_WAY = WayHere()
