"""Expressions that can only write one of a few known texts, such as `'red' if x else 'blue'`.

In places where customers' values are refused (links, colours, styles) these may stand all the same:
every text they can write is known at compile time and is checked there.
"""

from __future__ import annotations

from collections.abc import Callable

from handbill.plan.ir import Call, Const, Expression, Operation

MAX_TEXTS = 64


def known_texts(expression: Expression) -> tuple[str, ...] | None:
    """All texts that a string expression can write; None where they depend on a value."""
    found: list[str] = []
    pending = [expression]
    while pending:
        match pending.pop():
            case Const(value=str(text)):
                found.append(text)
            case Call(operation=Operation.IF, arguments=(_, then, otherwise)):
                pending += [otherwise, then]
            case Call(operation=Operation.CHOOSE, arguments=(_, *texts)):
                pending += reversed(texts)
            case _:
                return None
        if len(found) > MAX_TEXTS:
            return None
    return tuple(found)


def rewrite_texts(expression: Expression, rewrite: Callable[[str], str]) -> Expression:
    """The same choice among rewritten texts; `known_texts` must know them."""
    match expression:
        case Const(type=type, value=str(text)):
            return Const(type, rewrite(text))
        case Call(operation=Operation.IF, arguments=(condition, *ways), type=type, wide=wide):
            arguments = (condition, *(rewrite_texts(way, rewrite) for way in ways))
            return Call(Operation.IF, arguments, type, wide)
        case Call(operation=Operation.CHOOSE, arguments=(place, *texts), type=type, wide=wide):
            arguments = (place, *(rewrite_texts(text, rewrite) for text in texts))
            return Call(Operation.CHOOSE, arguments, type, wide)
        case _:
            raise AssertionError(f"not a choice of known texts: {expression!r}")
