"""References and relations that lead somewhere, and those that do not."""

from __future__ import annotations

import json

import pytest

from handbill.language.vocabulary.vocabulary import extend_vocabulary, read_vocabulary
from handbill.plan.types import ListType, ObjectType

ID = {"type": "string", "maxLength": 9}
ROW = {
    "id": ID,
    "customer": ID,
    "note": ID,
    "at": {"type": "string", "format": "date"},
    "n": {"type": "integer"},
}


def schema(properties: dict[str, object], *required: str) -> bytes:
    return json.dumps({"properties": properties, "required": list(required)}).encode()


def files(relation: dict[str, str], *required: str) -> dict[str, bytes]:
    rows = {"type": "array", "x-relation": relation}
    return {
        "schemas/customer.schema.json": schema({"id": ID, "rows": rows}, "id"),
        "schemas/data/rows.schema.json": schema(ROW, "id", *required),
    }


def test_a_relation_has_the_columns_of_its_dataset() -> None:
    relation = {"dataset": "rows", "key": "customer", "time": "at"}
    shared = files(relation, "customer", "at")
    vocabulary, found = read_vocabulary(shared)
    assert found == ()
    type_ = vocabulary.customer.fields["rows"].type
    assert isinstance(type_, ListType) and isinstance(type_.item, ObjectType)
    assert [member.name for member in type_.item.members] == ["at", "customer", "id", "n", "note"]
    mine = {"tenants/t/schemas/data/rows.schema.json": schema({"gift": {"type": "boolean"}})}
    extended, found = extend_vocabulary(vocabulary, mine)
    assert found == ()
    type_ = extended.customer.fields["rows"].type
    assert isinstance(type_, ListType) and isinstance(type_.item, ObjectType)
    assert "gift" in [member.name for member in type_.item.members]


def test_a_relation_may_be_declared_again_and_not_otherwise() -> None:
    relation = {"dataset": "rows", "key": "customer"}
    vocabulary, _ = read_vocabulary(files(relation, "customer"))
    place = "tenants/t/schemas/customer.schema.json"

    def again(maximum: int) -> list[str]:
        rows = {"type": "array", "maxItems": maximum, "x-relation": relation}
        return [
            each.code for each in extend_vocabulary(vocabulary, {place: schema({"rows": rows})})[1]
        ]

    assert (again(1_000_000), again(5)) == ([], ["HB522"])


@pytest.mark.parametrize(
    ("relation", "required", "message", "hint"),
    [
        ({"dataset": "row", "key": "customer"}, ["customer"], "`rows` refers to the dataset `row`, which is not declared", "did you mean `rows`?"),
        ({"dataset": "elsewhere", "key": "customer"}, ["customer"], "`rows` refers to the dataset `elsewhere`, which is not declared", "add schemas/data/elsewhere.schema.json"),
        ({"dataset": "rows", "key": "custmer"}, ["customer"], "`rows`: `rows` has no column `custmer`", "did you mean `customer`?"),
        ({"dataset": "rows", "key": "qqqqqqq"}, ["customer"], "`rows`: `rows` has no column `qqqqqqq`", "declare `qqqqqqq` in that schema"),
        ({"dataset": "rows", "key": "n"}, ["n"], "`rows`: the key `n` is a whole number", "the key is a text, as the customer's id"),
        ({"dataset": "rows", "key": "customer"}, [], "`rows`: the key `customer` of a row may be missing", "list `customer` under `required` of schemas/data/rows.schema.json"),
        ({"dataset": "rows", "key": "customer", "time": "note"}, ["customer", "note"], "`rows`: the time `note` is a text", "a date, or date-time"),
        ({"dataset": "rows", "key": "customer", "time": "at"}, ["customer"], "`rows`: the time `at` of a row may be missing", "list `at` under `required` of schemas/data/rows.schema.json"),
    ],
)  # fmt: skip
def test_what_leads_nowhere(
    relation: dict[str, str], required: list[str], message: str, hint: str
) -> None:
    (found,) = read_vocabulary(files(relation, *required))[1]
    assert (found.code, found.message, found.hint) == ("HB526", message, hint)


def test_only_the_customer_has_relations() -> None:
    rows = {"type": "array", "x-relation": {"dataset": "rows", "key": "customer"}}
    given = files({"dataset": "rows", "key": "customer"}, "customer")
    given["schemas/data/shops.schema.json"] = schema({"rows": rows})
    (found,) = read_vocabulary(given)[1]
    assert (found.code, found.message) == (
        "HB521",
        "`rows`: a relation is a field of the customer alone",
    )


def test_events_have_records_of_their_own() -> None:
    item = {"type": "object", "properties": {"sku": ID}}
    event = schema(
        {"total": {"type": "number"}, "items": {"type": "array", "maxItems": 9, "items": item},
         "product": {**ID, "x-references": "row"}},
        "total",
    )  # fmt: skip
    given = {
        **files({"dataset": "rows", "key": "customer"}, "customer"),
        "schemas/events/order.placed.schema.json": event,
    }
    vocabulary, found = read_vocabulary(given)
    assert [each.message for each in found] == [
        "`product` refers to the dataset `row`, which is not declared"
    ]
    assert list(vocabulary.events) == ["order.placed"]
    assert vocabulary.events["order.placed"].fields["total"].required
    assert "items" in vocabulary.events["order.placed"].fields
    again = {"tenants/t/schemas/events/order.placed.schema.json": schema({"total": ID})}
    assert [each.code for each in extend_vocabulary(vocabulary, again)[1]] == ["HB522"]
