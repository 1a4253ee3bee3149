"""`customer.NAME` that is computed: the expression of `fields.yaml`, put in the name's place.

Each is checked by itself, knowing nothing of where it is used, and once for one expression. What is
wrong with it is said at its own place, as with named audiences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jinja2 import nodes

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking
from handbill.language.expressions.facts import NOTHING
from handbill.language.expressions.inlining import inlined
from handbill.language.scope import RecordRoot
from handbill.language.syntax.parse import parse_expression
from handbill.source.text import SourceText

COMPUTED_FROM = ("customer", "run", "tenant", "brand")
"""The names that a computed field may use: those that mean the same in every campaign."""

Check = Callable[[nodes.Expr, Checking], Checked]


def is_computed(context: Checking, root: str, name: str) -> bool:
    """Whether `root.name` is a computed field. A declared field has the word: see check_clashes."""
    found = context.scope.roots.get(root)
    return (
        isinstance(found, RecordRoot) and name in found.computed and name not in found.record.fields
    )


def computed_source(context: Checking, node: nodes.Expr) -> SourceText | None:
    """The expression behind a name, where it is a computed field."""
    match node:
        case nodes.Getattr(node=nodes.Name(name=root), attr=name) if is_computed(
            context, root, name
        ):
            found = context.scope.roots[root]
            assert isinstance(found, RecordRoot)
            return found.computed[name]
        case _:
            return None


def check_computed(
    context: Checking, root: nodes.Name, dot: nodes.Getattr, check: Check
) -> Checked:
    """The field's value; it may be missing as any other's. Fields that use each other are refused."""
    source, name = computed_source(context, dot), dot.attr
    assert source is not None
    if name in context.computing:
        circle = " → ".join((*context.computing[context.computing.index(name) :], name))
        return context.report(
            "HB528", f"these computed fields use each other in a circle: {circle}", dot
        )
    return inlined(
        context, f"{root.name}.{name}", dot, "field", lambda: _inlined(context, source, name, check)
    )


def _inlined(context: Checking, source: SourceText, name: str, check: Check) -> Checked:
    node, found = parse_expression(source)
    if node is None:
        context.found.extend(found)
        return FAILED
    mine: list[Diagnostic] = []
    roots = {each: root for each, root in context.scope.roots.items() if each in COMPUTED_FROM}
    inner = Checking(
        source,
        replace(context.scope, roots=roots, facts=NOTHING, assumptions=()),
        "rule",
        node,
        mine,
        context.audiences,
        context.inlined,
        computing=(*context.computing, name),
    )
    value = check(node, inner)
    context.found.extend(mine)
    if has_errors(mine) or value.expression is None:
        return Checked(missing=value.missing and not has_errors(mine))
    return value
