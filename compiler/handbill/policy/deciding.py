"""Whether a policy's condition holds, where some of what it reads may not be known.

The logic around is three-valued: `a and b` is decided by one that fails. What remains is computed by the
row back end.
"""

from __future__ import annotations

from collections.abc import Collection

from handbill.language.expressions.reads import Path, nodes_of
from handbill.plan.ir import Call, Expression, Field, Member, Operation
from handbill.plan.row import evaluate
from handbill.plan.values import Context


def decide(condition: Expression, context: Context, unknown: Collection[Path]) -> bool | None:
    """None where the answer depends on a path of `unknown`."""
    match condition:
        case Call(operation=Operation.AND, arguments=arguments):
            return _all([decide(each, context, unknown) for each in arguments])
        case Call(operation=Operation.OR, arguments=arguments):
            return _not(_all([_not(decide(each, context, unknown)) for each in arguments]))
        case Call(operation=Operation.NOT, arguments=(inner,)):
            return _not(decide(inner, context, unknown))
        case Call(operation=Operation.IF, arguments=(test, then, otherwise)):
            return _chosen(
                decide(test, context, unknown),
                decide(then, context, unknown),
                decide(otherwise, context, unknown),
            )
        case _ if paths_in(condition) & set(unknown):
            return None
        case _:
            return bool(evaluate(condition, (), context))


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


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _chosen(test: bool | None, then: bool | None, otherwise: bool | None) -> bool | None:
    if test is None:
        return then if then == otherwise else None
    return then if test else otherwise
