"""Whether a policy's condition holds, where some of what it reads may not be known.

The logic around is three-valued: `a and b` is decided by one that fails. What remains is computed by the
row back end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from handbill.language.expressions.reads import Path, nodes_of
from handbill.plan.ir import Call, Expression, Field, Member, Operation
from handbill.plan.row import evaluate
from handbill.plan.values import Context


def decide(condition: Expression, context: Context, unknown: Collection[Path]) -> bool | None:
    """None where the answer depends on a path of `unknown`.

    Lazy as the language is: what stands behind a guard that fails is never looked at.
    """
    match condition:
        case Call(operation=Operation.AND, arguments=arguments):
            return _first(False, (decide(each, context, unknown) for each in arguments))
        case Call(operation=Operation.OR, arguments=arguments):
            return _first(True, (decide(each, context, unknown) for each in arguments))
        case Call(operation=Operation.NOT, arguments=(inner,)):
            answer = decide(inner, context, unknown)
            return None if answer is None else not answer
        case Call(operation=Operation.IF, arguments=(test, then, otherwise)):
            chosen = decide(test, context, unknown)
            if chosen is not None:
                return decide(then if chosen else otherwise, context, unknown)
            both = {decide(each, context, unknown) for each in (then, otherwise)}
            return both.pop() if len(both) == 1 else None
        case _ if paths_in(condition) & set(unknown):
            return None
        case _:
            return bool(evaluate(condition, (), context))


def _first(deciding: bool, answers: Iterable[bool | None]) -> bool | None:
    """`deciding` as soon as one says so; else the opposite, where all of them do."""
    known = True
    for answer in answers:
        if answer is deciding:
            return deciding
        known = known and answer is not None
    return (not deciding) if known else None


def paths_in(expression: Expression) -> frozenset[Path]:
    """What it reads, members of objects included: ("change", "audience", "growth")."""
    found = (path_of(node) for node, _ in nodes_of(expression))
    return frozenset(path for path in found if path is not None)


def path_of(expression: Expression) -> Path | None:
    match expression:
        case Field(path=path):
            return path
        case Member(of=of, name=name):
            before = path_of(of)
            return None if before is None else (*before, name)
        case _:
            return None
