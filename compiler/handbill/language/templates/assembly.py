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
from handbill.plan.escapes import escape_text
from handbill.plan.ir import Branch, Const, For, If, Op, Put, Set, Text


def operations_of(drafts: Sequence[Draft], put: Callable[[DraftPut], Text | Put]) -> tuple[Op, ...]:
    """The operations of `drafts`; `put` makes each hole's."""
    return closed(open_operations(drafts, put))


def open_operations(
    drafts: Sequence[Draft], put: Callable[[DraftPut], Text | Put]
) -> tuple[Op, ...]:
    """One operation for each draft; `put` may keep constants as values that are put (`closed`)."""
    return tuple([_operation(draft, put) for draft in drafts])


def _operation(draft: Draft, put: Callable[[DraftPut], Text | Put]) -> Op:
    match draft:
        case DraftText(text=text):
            return Text(text)
        case DraftPut():
            return put(draft)
        case DraftSet(name=name, expression=expression):
            return Set(name, expression)
        case DraftIf():
            branches = [
                Branch(branch.condition, open_operations(branch.body, put))
                for branch in draft.branches
            ]
            return If(tuple(branches), open_operations(draft.otherwise, put))
        case DraftFor():
            body = open_operations(draft.body, put)
            otherwise = open_operations(draft.otherwise, put)
            return For(draft.name, draft.items, draft.limit, body, otherwise)
        case _:
            assert_never(draft)


def closed(ops: Iterable[Op]) -> tuple[Op, ...]:
    """With every constant a text, merged with those around it: what a plan holds.

    While constants stand apart, the texts of a layout are the same for every retailer and campaign, and
    what is read from them can be remembered.
    """
    return merged(map(_closed, ops))


def _closed(op: Op) -> Op:
    match op:
        case Put(expression=Const(value=value), escape=escape):
            return Text(escape_text(str(value), escape))
        case If(branches=branches, otherwise=otherwise):
            ways = tuple([Branch(each.condition, closed(each.body)) for each in branches])
            return If(ways, closed(otherwise))
        case For(name=name, items=items, limit=limit, body=body, otherwise=otherwise):
            return For(name, items, limit, closed(body), closed(otherwise))
        case Text() | Put() | Set():
            return op
        case _:
            assert_never(op)


def with_merged_bodies(ops: Iterable[Op]) -> tuple[Op, ...]:
    """Open operations without what does nothing as they stand."""
    return merged(map(_with_merged_bodies, ops))


def _with_merged_bodies(op: Op) -> Op:
    match op:
        case If(branches=branches, otherwise=otherwise):
            ways = [Branch(each.condition, with_merged_bodies(each.body)) for each in branches]
            return If(tuple(ways), with_merged_bodies(otherwise))
        case For(name=name, items=items, limit=limit, body=body, otherwise=otherwise):
            within = with_merged_bodies(body), with_merged_bodies(otherwise)
            return For(name, items, limit, *within)
        case _:
            return op


def turns_in(ops: Iterable[Op]) -> int:
    """How many choices and loops there are."""
    count = 0
    for op in ops:
        match op:
            case If(branches=branches, otherwise=otherwise):
                count += 1 + sum(turns_in(each.body) for each in branches) + turns_in(otherwise)
            case For(body=body, otherwise=otherwise):
                count += 1 + turns_in(body) + turns_in(otherwise)
            case _:
                pass
    return count


def merged(ops: Iterable[Op]) -> tuple[Op, ...]:
    """The same output from fewer operations; expressions are total, so dropping one is safe."""
    result: list[Op] = []
    texts: list[str] = []  # those since the last operation of another kind
    for op in _flattened(ops):
        if isinstance(op, Text):
            if op.text:
                texts.append(op.text)
            continue
        if texts:
            result.append(Text("".join(texts)))
            texts = []
        result.append(op)
    if texts:
        result.append(Text("".join(texts)))
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
