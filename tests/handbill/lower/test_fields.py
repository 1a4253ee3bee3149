"""A plan lists exactly the customer fields that it reads, wherever they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.lower.fields import fields_read
from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.model import FieldNeed
from handbill.plan.types import BoolType, IntType, ListType, ObjectType, StringType

if TYPE_CHECKING:
    from conftest import Configuration


@pytest.mark.parametrize(
    "field",
    [
        {"audience": "customer.is_employee | default(false)"},
        {"audience": "{include: everyone, exclude: {x: customer.is_employee | default(false)}}"},
        {
            "audience": "{include: everyone, rank: '1 if customer.is_employee | default(false) else 0'}"
        },
        {"message": '{sms: {body: "{{ 1 if customer.is_employee | default(false) else 0 }}"}}'},
        {
            "message": '{sms: {body: "{% if customer.is_employee | default(false) %}a{% endif %}b"}}',
        },
        {
            "experiment": "{variants: {a: {weight: 1}, b: {weight: 1, message: {sms: {body: "
            '"{{ 1 if customer.is_employee | default(false) else 0 }}"}}}}}',
        },
    ],
)
def test_wherever_it_stands(configuration: Configuration, field: dict[str, str]) -> None:
    given = {"message": '{sms: {body: "Hi"}}'} | field
    plan = configuration.campaign(**given).compile().plan()
    assert plan.fields == (FieldNeed(path=("is_employee",), type=BoolType()),)


def test_a_condition_of_an_offer(configuration: Configuration) -> None:
    offer = "reward: {points: 5}\nvalid: {for: 2 days}\nsummary: S\nterms: T\n"
    configuration.lay({"tenants/fresh-fields/offers/a.yaml": offer})
    plan = (
        configuration.campaign(
            offer="[{when: customer.lifetime_orders > 2, use: a}, {use: a}]",
            message='{sms: {body: "Hi"}}',
        )
        .compile()
        .plan()
    )
    assert [need.path for need in plan.fields] == [("lifetime_orders",)]


def test_what_folds_away_is_not_read(configuration: Configuration) -> None:
    message = "{sms: {body: \"{% if tenant.id == 'other' %}{{ customer.lifetime_orders }}{% endif %}Hi\"}}"
    assert configuration.campaign(message=message).compile().plan().fields == ()


def test_only_the_customers_and_sorted_once() -> None:
    def field(*path: str) -> Field:
        return Field(path, StringType(3))

    rule = Call(Operation.EQ, (field("customer", "b"), field("customer", "a", "x")), BoolType())
    parts = ({"k": (rule, field("run", "date"))}, field("customer", "b"), Const(IntType(), 3))
    assert [need.path for need in fields_read(*parts)] == [("a", "x"), ("b",)]


PURCHASES = """{
  "type": "object", "required": ["id", "customer", "at", "total"],
  "properties": {
    "id": {"type": "string", "maxLength": 9}, "customer": {"type": "string", "maxLength": 40},
    "at": {"type": "string", "format": "date"}, "note": {"type": "string", "maxLength": 9},
    "total": {"type": "integer", "minimum": 0, "maximum": 999}
  }
}"""


def test_rows_are_carried_with_the_members_that_are_used(configuration: Configuration) -> None:
    customer = (configuration.folder / "schemas/customer.schema.json").read_text("utf-8")
    relation = '"bought": {"type": "array", "maxItems": 9, "x-relation": {"dataset": "bought", "key": "customer"}},'
    tenant = (configuration.folder / "tenants/fresh-fields/tenant.yaml").read_text("utf-8")
    configuration.lay(
        {
            "schemas/customer.schema.json": customer.replace(
                '"properties": {', f'"properties": {{ {relation}', 1
            ),
            "schemas/data/bought.schema.json": PURCHASES,
            "tenants/fresh-fields/tenant.yaml": tenant.replace(
                "data:\n", "data:\n  bought: {key: id}\n"
            ),
        }
    )
    message = '{sms: {body: "{% for p in customer.bought[:3] %}{{ p.total }}{% endfor %}"}}'
    plan = (
        configuration.campaign(
            audience="customer.bought | selectattr('at', '>', '2026-01-01') | count > 0",
            message=message,
        )
        .compile()
        .plan()
    )
    [need] = plan.fields
    assert isinstance(need.type, ListType) and isinstance(need.type.item, ObjectType)
    assert [member.name for member in need.type.item.members] == ["at", "total"]
    assert "note" not in repr(plan)
    counting = (
        configuration.campaign(
            audience="customer.bought | count > 0", message='{sms: {body: "Hi"}}'
        )
        .compile()
        .plan()
    )
    [need] = counting.fields
    assert isinstance(need.type, ListType) and isinstance(need.type.item, ObjectType)
    assert len(need.type.item.members) == 1
