"""How much may be put in a name's place: computed fields and named audiences that use one another.

Each use is checked within the one before, so a chain of them is bounded before it is walked, and what comes
of it before anything else looks at it.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import nodes

from handbill.language.expressions.checked import Checked
from handbill.language.expressions.checking import Checking
from handbill.language.expressions.reads import excess_of

MAX_CHAIN = 32
"""Computed fields and named audiences, each used by the one before."""
_HINT = "let each use fewer others: write out what they mean"


def inlined(
    context: Checking, key: str, node: nodes.Expr, what: str, body: Callable[[], Checked]
) -> Checked:
    """What `body` makes of a name, once for one expression; HB502 at `node`, its use, where that is
    too much. `what` is "field" or "audience"."""
    if key not in context.inlined:
        context.inlined[key] = _bounded(context, node, what, body)
    return context.inlined[key]


def _bounded(
    context: Checking, node: nodes.Expr, what: str, body: Callable[[], Checked]
) -> Checked:
    open_names = len(context.audiences) + len(context.computing)
    if open_names >= MAX_CHAIN:
        return _too_long(context, node)
    try:
        value = body()
    except RecursionError:  # few links, each an expression as deep as it may be
        if open_names:
            raise
        return _too_long(context, node)
    excess = excess_of(value.expression) if value.expression is not None else None
    if excess is None:
        return value
    message = f"this {what} has {excess}, with those that it uses"
    return context.report("HB502", message, node, hint="simplify it")


def _too_long(context: Checking, node: nodes.Expr) -> Checked:
    chain = (*context.audiences, *context.computing)
    message = f"this is used by a chain of {MAX_CHAIN} others: {' → '.join(chain[:3])} → …"
    if len(chain) < MAX_CHAIN:
        message = "what is used here, with what that uses, is nested too deeply"
    return context.report("HB502", message, node, hint=_HINT)
