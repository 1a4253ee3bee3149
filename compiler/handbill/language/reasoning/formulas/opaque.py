"""Names for what has no translation: equal expressions get equal names, whatever their locals are called."""

from __future__ import annotations

from collections.abc import Mapping

from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation, Step
from handbill.plan.types import DecimalType, IntType, ListType


def canonical(expression: Expression, names: Mapping[str, str] | None = None) -> str:
    """A text that two expressions share only if they compute the same.

    `names` are the locals bound around it; types of results are left out, they decide nothing.
    """
    names = names or {}
    match expression:
        case Const(type=type, value=value):
            return f"{type.__class__.__name__}:{value!r}"
        case Field(path=path):
            return ".".join(path)
        case Local(name=name):
            return names.get(name, f"local {name!r}")
        case Call(operation=operation, arguments=arguments):
            return f"{operation.value}({', '.join(canonical(each, names) for each in arguments)})"
        case Member(of=of, name=name):
            return f"{canonical(of, names)}[{name!r}]"
        case Each(step=step, items=items, name=name, body=body, descending=descending):
            bound = {**names, name: f"#{len(names)}"}
            order = " descending" if descending else ""
            return f"{step.value}{order}({canonical(items, names)}, {canonical(body, bound)})"


def least_of_items(items: Expression) -> int | None:
    """A number that no item of a list of numbers is below, by declared types alone; None if unknown."""
    match items:
        case Field(type=ListType(item=IntType(minimum=least) | DecimalType(minimum=least))):
            return least
        case Each(
            step=Step.MAP, body=Member(type=IntType(minimum=least) | DecimalType(minimum=least))
        ):
            return least
        case Each(step=Step.SELECT | Step.SORT | Step.UNIQUE, items=inner):
            return least_of_items(inner)
        case Call(operation=Operation.SLICE, arguments=(inner, *_)):
            return least_of_items(inner)
        case _:
            return None
