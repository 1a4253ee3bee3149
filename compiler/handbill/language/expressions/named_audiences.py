"""`audiences.X` in a rule: the named audience's own rules, put in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jinja2 import nodes

from handbill.diagnostics.suggest import closest
from handbill.language.expressions.build import BOOL, call
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.facts import NOTHING
from handbill.language.expressions.inlining import inlined
from handbill.language.expressions.logic import condition, negated, truth
from handbill.language.scope import NamedAudience
from handbill.language.syntax.parse import parse_expression
from handbill.plan.ir import Operation
from handbill.source.text import SourceText

Check = Callable[[nodes.Expr, Checking], Checked]


def check_audience(
    context: Checking, node: nodes.Name, dots: tuple[nodes.Getattr, ...], check: Check
) -> Checked:
    """In when `include` holds and no `exclude` does. Audiences that use each other are refused."""
    known = context.scope.audiences
    if len(dots) != 1:
        place = dots[-1] if dots else node
        names = ", ".join(sorted(known)) or "none yet"
        return context.report(
            "HB516", "an audience is named after one dot", place, notes=(f"audiences: {names}",)
        )
    name = dots[0].attr
    if name not in known:
        near = closest(name, known)
        hint = f"did you mean `audiences.{near}`?" if near else f"write audiences/{name}.yaml"
        return context.report(
            "HB516", f"there is no audience `{name}`", dots[0], hint=hint, name_only=True
        )
    if name in context.audiences:
        circle = " → ".join((*context.audiences[context.audiences.index(name) :], name))
        return context.report(
            "HB516", f"these audiences use each other in a circle: {circle}", dots[0]
        )
    audience = known[name]
    return inlined(
        context, name, dots[0], "audience", lambda: _inlined(context, name, audience, check)
    )


def _inlined(context: Checking, name: str, audience: NamedAudience, check: Check) -> Checked:
    parts = [_rule(context, name, audience.include, check)]
    for exclude in audience.exclude.values():
        rule = _rule(context, name, exclude, check)
        parts.append(negated(rule) if rule is not None else None)
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return FAILED
    return all_of(known)


def all_of(parts: list[Checked]) -> Checked:
    """The conjunction of conditions that were each checked on their own."""
    facts = NOTHING
    operands = []
    for part in parts:
        facts = facts.both(part.when_true)
        if part.constant is not None and not part.constant.value:
            return truth(False)
        if part.constant is None and part.expression is not None:
            operands.append(part.expression)
    if not operands:
        return truth(True)
    if len(operands) == 1:
        single = next(part for part in parts if part.constant is None)
        return replace(single, when_true=facts)
    return call(Operation.AND, operands, BOOL).knowing(facts, NOTHING)


def _rule(context: Checking, name: str, source: SourceText, check: Check) -> Checked | None:
    """One rule of the audience, in its own file and knowing nothing of where it is used."""
    node, found = parse_expression(source)
    context.found.extend(found)
    if node is None:
        return None
    inner = Checking(
        source,
        replace(context.scope, facts=NOTHING),
        "rule",
        node,
        context.found,
        (*context.audiences, name),
        context.inlined,
        computing=context.computing,
    )
    return condition(inner, Operand(node, check(node, inner)), "an audience")
