"""Expressions that can only write one of a few known texts, such as `'red' if x else 'blue'`.

In places where customers' values are refused (links, colours, styles) these may stand all the same:
every text they can write is known at compile time and is checked there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

from handbill.plan.ir import Call, Const, Expression, Operation
from handbill.plan.types import StringType

MAX_TEXTS = 64
MAX_PRODUCTS = 256


def known_texts(expression: Expression) -> tuple[str, ...] | None:
    """All texts that a string expression can write; None where they depend on a value."""
    if isinstance(expression, Const) and isinstance(expression.value, str):
        return (expression.value,)
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
    longest = max(len(rewrite(text)) for text in known_texts(expression) or ("",))
    return _rewritten(expression, rewrite, StringType(longest))


def _rewritten(
    expression: Expression, rewrite: Callable[[str], str], type: StringType
) -> Expression:
    match expression:
        case Const(value=str(text)):
            return Const(type, rewrite(text))
        case Call(operation=operation, arguments=(first, *texts), wide=wide):
            arguments = (first, *(_rewritten(text, rewrite, type) for text in texts))
            return Call(operation, arguments, type, wide)
        case _:
            raise AssertionError(f"not a choice of known texts: {expression!r}")


def known_products(parts: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Every text that a sequence of choices can write together; None for more than MAX_PRODUCTS."""
    if prod(len(part) for part in parts) > MAX_PRODUCTS:
        return None
    return tuple("".join(choice) for choice in product(*parts))
