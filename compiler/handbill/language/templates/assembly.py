"""Drafts to plan operations: constants become text, adjacent texts one, what does nothing goes.

What each hole becomes is decided by the caller (by its surroundings); everything else is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import assert_never

from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
)
from handbill.plan.ir import Branch, For, If, Op, Put, Set, Text


def operations_of(drafts: Sequence[Draft], put: Callable[[DraftPut], Text | Put]) -> tuple[Op, ...]:
    """The operations of `drafts`; `put` makes each hole's."""
    return merged(_operations(drafts, put))


def _operations(drafts: Sequence[Draft], put: Callable[[DraftPut], Text | Put]) -> Iterable[Op]:
    for draft in drafts:
        match draft:
            case DraftText(text=text):
                yield Text(text)
            case DraftPut():
                yield put(draft)
            case DraftSet(name=name, expression=expression):
                yield Set(name, expression)
            case DraftIf():
                branches = tuple(
                    Branch(branch.condition, operations_of(branch.body, put))
                    for branch in draft.branches
                )
                yield If(branches, operations_of(draft.otherwise, put))
            case DraftFor():
                body = operations_of(draft.body, put)
                otherwise = operations_of(draft.otherwise, put)
                yield For(draft.name, draft.items, draft.limit, body, otherwise)
            case _:
                assert_never(draft)


def merged(ops: Iterable[Op]) -> tuple[Op, ...]:
    """The same output from fewer operations; expressions are total, so dropping one is safe."""
    result: list[Op] = []
    for op in _flattened(ops):
        match op:
            case Text(text=""):
                pass
            case Text() if result and isinstance(result[-1], Text):
                result[-1] = Text(result[-1].text + op.text)
            case _:
                result.append(op)
    return tuple(result)


def _flattened(ops: Iterable[Op]) -> Iterable[Op]:
    for op in ops:
        match op:
            case If(branches=branches, otherwise=otherwise):
                while branches and branches[-1].body == otherwise:
                    branches = branches[:-1]
                if branches:
                    yield If(branches, otherwise)
                else:
                    yield from otherwise  # every way writes the same
            case For(body=(), otherwise=()):
                pass
            case _:
                yield op
