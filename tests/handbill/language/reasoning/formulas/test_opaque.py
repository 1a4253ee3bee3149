"""Names for what has no translation."""

from __future__ import annotations

from asking import rule

from handbill.language.reasoning.formulas.opaque import canonical, least_of_items
from handbill.plan.ir import Call, Each, Expression, Local
from handbill.plan.types import IntType

SUM = "customer.purchases | selectattr('total', '>', 5) | sum(attribute='total') > {}"


def summed(limit: int) -> Expression:
    compared = rule(SUM.format(limit))
    assert isinstance(compared, Call)
    return compared.arguments[0]


def renamed(expression: Expression) -> Expression:
    """The same, with other names for its items."""
    match expression:
        case Call(operation=operation, arguments=arguments, type=type):
            return Call(operation, tuple(renamed(each) for each in arguments), type)
        case Each(step=step, items=items, name=name, body=body, type=type):
            return Each(step, renamed(items), f"{name}x", _in(body, name), type)
        case _:
            return expression


def _in(body: Expression, name: str) -> Expression:
    from handbill.language.expressions.reads import substituted

    (local,) = {each for each in _locals(body) if each.name == name}
    return substituted(body, {name: Local(f"{name}x", local.type)})


def _locals(body: Expression) -> list[Local]:
    from handbill.language.expressions.reads import nodes_of

    return [node for node, _ in nodes_of(body) if isinstance(node, Local)]


def test_names_of_items_do_not_matter() -> None:
    assert canonical(summed(1)) == canonical(summed(2)) == canonical(renamed(summed(1)))
    assert canonical(rule("customer.orders > 1")) != canonical(rule("customer.orders > 2"))
    assert canonical(Local("a", IntType())) != canonical(Local("b", IntType()))
    down = "customer.purchases | sort(attribute='total', reverse=true) | count > 1"
    up = "customer.purchases | sort(attribute='total') | count > 1"
    assert canonical(rule(down)) != canonical(rule(up))


def test_the_least_of_a_list() -> None:
    for text in (SUM.format(1), "customer.purchases[:3] | sum(attribute='total') > 1"):
        compared = rule(text)
        assert isinstance(compared, Call) and isinstance(compared.arguments[0], Call)
        assert least_of_items(compared.arguments[0].arguments[0]) == 0
    assert least_of_items(rule("customer.orders > 1")) is None
