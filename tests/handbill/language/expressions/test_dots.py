"""Dots after values: members of objects, rows that keys refer to, items of lists."""

from __future__ import annotations

import pytest
from expression_world import Rule, Value, Words

from handbill.language.expression import compile_expression
from handbill.language.scope import RecordRoot, Scope
from handbill.language.vocabulary.vocabulary import read_vocabulary
from handbill.plan.import_view import MAX_REFERENCES
from handbill.plan.ir import Call, Field, Member, Operation
from handbill.plan.types import BoolType, StringType
from handbill.source.text import SourceText


def test_a_reference_stays_one_field(rule: Rule) -> None:
    compiled = rule("customer.store.name", may_be_missing=True)
    assert compiled.expression == Field(("customer", "store", "name"), StringType(60))


def test_an_object_has_members(rule: Rule) -> None:
    compiled = rule("customer.address.city", may_be_missing=True)
    assert isinstance(compiled.expression, Member) and compiled.expression.name == "city"
    assert isinstance(compiled.expression.of, Field) and compiled.optional


def test_what_a_row_refers_to_is_a_member_by_path(rule: Rule) -> None:
    compiled = rule("(customer.purchases | first).product.store.name", may_be_missing=True)
    found = compiled.expression
    assert isinstance(found, Member) and found.name == "product.store.name"
    assert isinstance(found.of, Call) and found.of.operation is Operation.FIRST


def test_guards_hold_for_members(rule: Rule) -> None:
    for text in (
        "customer.address is defined and customer.address.city == 'Troy'",
        "customer.address.floor is defined and customer.address.city == 'Troy'",
        "customer.address.floor | default(0) > 3 and customer.address.floor < 9",
        "customer.purchases | count > 0 and (customer.purchases | first).total > 3",
    ):
        assert rule(text).diagnostics == (), text


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("customer.address.cty == 'x'", "HB505 at 18-21: `customer.address` has no field `cty` → did you mean `customer.address.city`?"),
        ("customer.address.city.x == 'x'", "HB505 at 23-24: `customer.address.city` is a text: it has no fields of its own"),
        ("customer.purchases.total > 3", "HB505 at 20-25: `customer.purchases` is a list of objects: it has no fields of its own → customer.purchases | map(attribute='total'), or a loop over its items"),
        ("(customer.purchases | first).totl > 3", "HB505 at 30-34: `(customer.purchases | first)` has no field `totl`"),
        ("customer.favorites.x == 'x'", "it has no fields of its own"),
        ("customer.address == 'x'", "`customer.address` is an object (city, floor), `'x'` is a text"),
    ],
)  # fmt: skip
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_values(value: Value) -> None:
    assert value("customer.address.city | default('-')", address=("Troy", None)) == "Troy"
    assert value("customer.address.city | default('-')", address=None) == "-"
    assert value("customer.address.floor | default(7)", address=("Troy", None)) == 7
    assert value("customer.address.floor is defined", address=("Troy", 3)) is True


def test_constants_have_members(rule: Rule, value: Value) -> None:
    assert value("params.goods[0].name == 'Milk' and params.goods[1].price == 4") is True
    assert value("params.goods[0].maker.town == 'Troy'") is True
    found = rule("params.goods[0].tag == 'x'").diagnostics
    assert [each.message for each in found] == ["`params.goods[0].tag` is not set here"]


PLACES = b"""{"type": "object", "required": ["id"], "properties": {
    "id": {"type": "string", "maxLength": 9},
    "name": {"type": "string", "maxLength": 9},
    "up": {"type": "string", "maxLength": 9, "x-references": "places"},
    "seen": {"type": "string", "format": "date"},
    "customer_id": {"type": "string", "maxLength": 9}}}"""
CUSTOMER = b"""{"type": "object", "required": ["id"], "properties": {
    "id": {"type": "string", "maxLength": 9},
    "place": {"type": "string", "maxLength": 9, "x-references": "places"},
    "visits": {"type": "array", "maxItems": 9,
               "x-relation": {"dataset": "visits", "key": "customer_id"}}}}"""
VISITS = PLACES.replace(b'"required": ["id"]', b'"required": ["id", "customer_id"]')


@pytest.mark.parametrize(
    ("path", "far"),
    [
        ("customer.place" + ".up" * (MAX_REFERENCES - 1), False),
        ("customer.place" + ".up" * (MAX_REFERENCES - 1) + ".name", False),
        ("customer.place" + ".up" * MAX_REFERENCES, True),
        ("customer.place" + ".up" * MAX_REFERENCES + ".name", True),
        ("(customer.visits | first).up.up", False),
        ("(customer.visits | first).up.name", False),
        ("(customer.visits | first).up.up.name", True),
    ],
)
def test_a_path_leads_over_a_few_tables_and_no_more(path: str, far: bool) -> None:
    vocabulary, found = read_vocabulary(
        {
            "schemas/customer.schema.json": CUSTOMER,
            "schemas/data/places.schema.json": PLACES,
            "schemas/data/visits.schema.json": VISITS,
        }
    )
    assert found == ()
    scope = Scope({"customer": RecordRoot(vocabulary.customer, vocabulary.datasets)})
    text = SourceText.of_file("rule", f"{path} is defined")
    compiled = compile_expression(text, scope, BoolType())
    assert [one.code for one in compiled.diagnostics] == (["HB531"] if far else [])
    if far:
        (found_one,) = compiled.diagnostics
        assert "leads over too many tables" in found_one.message
