"""Objects cut down to the members that are used, everywhere at once."""

from __future__ import annotations

from expression_world import Rule

from handbill.language.expressions.narrowing import has_objects, narrowed
from handbill.language.expressions.reads import fields_in, nodes_of
from handbill.plan.ir import Const, Expression
from handbill.plan.types import IntType, ListType, MemberType, ObjectType, StringType, Type


def compiled(rule: Rule, text: str) -> Expression:
    found = rule(text).expression
    assert found is not None
    return found


def members(type_: Type) -> list[str]:
    item = type_.item if isinstance(type_, ListType) else type_
    assert isinstance(item, ObjectType)
    return [member.name for member in item.members]


def test_all_parts_agree(rule: Rule) -> None:
    one = compiled(rule, "customer.purchases | selectattr('total', '>', 5) | count > 1")
    two = compiled(rule, "(customer.purchases | first).product.name | default('') == 'x'")
    parts = narrowed([one, (two, {"k": one})])  # type: ignore[list-item]
    assert isinstance(parts[0], type(one))
    types = {node.type for node, _ in nodes_of(parts[0]) if has_objects(node.type)}
    assert [members(type_) for type_ in types] == [["product.name", "total"]] * len(types)
    assert members(fields_in(parts[0])["customer", "purchases"]) == ["product.name", "total"]


def test_one_member_stays(rule: Rule) -> None:
    (count,) = narrowed([compiled(rule, "customer.purchases | count > 1")])
    assert members(fields_in(count)["customer", "purchases"]) == ["bought_at"]
    (there,) = narrowed([compiled(rule, "customer.address is defined")])
    assert members(fields_in(there)["customer", "address"]) == ["city"]


def test_nothing_changes_without_objects(rule: Rule) -> None:
    plain = compiled(rule, "customer.orders > 1 and 'a' in customer.favorites")
    assert narrowed([plain])[0] is plain


def test_constants_keep_their_values(rule: Rule) -> None:
    text = "params.goods | selectattr('price', '<', customer.spend) | count > 1"
    (found,) = narrowed([compiled(rule, text)])
    (const,) = [
        node for node, _ in nodes_of(found) if isinstance(node, Const) and has_objects(node.type)
    ]
    assert members(const.type) == ["price"] and const.value == ((35,), (40,))


def test_values_of_nested_constants() -> None:
    inner = ObjectType((MemberType("x", IntType()), MemberType("y", StringType(1))))
    outer = ObjectType((MemberType("in", ListType(inner, 2)), MemberType("none", inner)))
    const = Const(outer, (((1, "a"), (2, "b")), None))
    (found,) = narrowed([const])
    assert found.value == (((1,), (2,)),)
