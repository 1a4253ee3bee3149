"""Records: what a dot leads to, and the rows of a relation with what they refer to."""

from __future__ import annotations

from handbill.language.vocabulary.records import (
    Member,
    Record,
    Relation,
    Shape,
    linked,
    object_type,
    shape_of,
)
from handbill.plan.types import IntType, ListType, MemberType, ObjectType, StringType

KEY = StringType(9)
BRANDS = Record({"name": Member(KEY, True), "owner": Member(KEY, True, references="brands")})
PRODUCTS = Record({"brand": Member(KEY, references="brands"), "price": Member(IntType(), True)})
ROWS = Record({"n": Member(IntType(), True), "product": Member(KEY, True, references="products")})
DATASETS = {"products": PRODUCTS, "brands": BRANDS, "rows": ROWS}


def test_references_are_members_by_path() -> None:
    names = {member.name: member.required for member in object_type(ROWS, DATASETS).members}
    assert names == {
        "n": True,
        "product": True,
        "product.brand": False,
        "product.brand.name": False,
        "product.brand.owner": False,
        "product.price": True,
    }
    assert [member.name for member in object_type(ROWS).members] == ["n", "product"]


def test_the_order_of_a_schema_leaves_no_trace() -> None:
    backwards = Record(dict(reversed(ROWS.fields.items())))
    assert object_type(backwards, DATASETS) == object_type(ROWS, DATASETS)


def test_a_relation_is_typed_by_its_rows() -> None:
    relation = Relation("brands", "owner")
    customer = Record({"mine": Member(ListType(ObjectType(()), 7), relation=relation)})
    mine = linked(customer, DATASETS).fields["mine"]
    assert mine.type == ListType(object_type(BRANDS, DATASETS), 7)
    assert mine.required and mine.inner is BRANDS
    assert linked(ROWS, DATASETS) is ROWS
    lost = linked(customer, {}).fields["mine"]
    assert lost.inner is not None and not lost.inner.complete


def test_relations_are_no_members_of_rows() -> None:
    relation = Relation("brands", "owner")
    record = Record(
        {"mine": Member(ListType(ObjectType(()), 7), relation=relation), "n": Member(KEY)}
    )
    assert object_type(record) == ObjectType((MemberType("n", KEY),))


def test_what_a_dot_leads_to() -> None:
    assert shape_of(Member(KEY), DATASETS) is None
    assert shape_of(Member(KEY, references="brands"), DATASETS) == Shape(BRANDS, DATASETS)
    assert shape_of(Member(object_type(ROWS), inner=ROWS), {}) == Shape(ROWS, {})
    unknown = shape_of(Member(KEY, references="nowhere"), {})
    assert unknown is not None and not unknown.record.complete
