"""Objects, lists of objects and relations of a vocabulary."""

from __future__ import annotations

import pytest

from handbill.language.vocabulary.located_json import read_json
from handbill.language.vocabulary.members import MAX_ROWS, read_member
from handbill.language.vocabulary.records import Member, Relation
from handbill.language.vocabulary.schema_types import SchemaError
from handbill.plan.types import BoolType, IntType, ListType, MemberType, ObjectType, StringType


def read(schema: str, required: bool = True) -> Member:
    return read_member(read_json("f", schema.encode()), (), required)


def test_an_object() -> None:
    member = read(
        '{"type": "object", "required": ["city"], "description": "x", "properties": '
        '{"floor": {"type": ["integer", "null"]}, "city": {"type": "string", "maxLength": 9}}}'
    )
    assert member.type == ObjectType(
        (MemberType("city", StringType(9), True), MemberType("floor", IntType()))
    )
    assert member.required and member.inner is not None
    assert list(member.inner.fields) == ["floor", "city"]
    assert str(member.inner.fields["city"].range) == "f:1:117"


def test_null_makes_it_optional() -> None:
    assert not read(
        '{"type": ["object", "null"], "properties": {"a": {"type": "boolean"}}}'
    ).required


def test_a_list_of_objects_within_objects() -> None:
    inner = (
        '{"properties": {"tags": {"type": "array", "maxItems": 2, "items": {"type": "boolean"}}}}'
    )
    member = read(f'{{"type": "array", "maxItems": 3, "items": {inner}}}', required=False)
    item = ObjectType((MemberType("tags", ListType(BoolType(), 2)),))
    assert (member.type, member.required) == (ListType(item, 3), False)


def test_a_relation() -> None:
    member = read('{"type": "array", "x-relation": {"dataset": "d", "key": "k"}}', required=False)
    assert member.relation == Relation("d", "k") and member.required
    assert member.type == ListType(ObjectType(()), MAX_ROWS)
    member = read(
        '{"maxItems": 9, "x-relation": {"dataset": "d", "key": "k", "time": "t"}, "title": "x"}'
    )
    assert member.relation == Relation("d", "k", "t")
    assert isinstance(member.type, ListType) and member.type.maximum == 9


def deep(levels: int) -> str:
    text = '{"type": "boolean"}'
    for _ in range(levels):
        text = f'{{"type": "object", "properties": {{"a": {text}}}}}'
    return text


@pytest.mark.parametrize(
    ("schema", "message", "place"),
    [
        ('{"type": "object"}', "an object names 1 to 100 members", ("properties",)),
        ('{"type": "object", "properties": {}}', "an object names 1 to 100", ("properties",)),
        ('{"type": "object", "properties": {"a-b": {}}}', "no expression can name `a-b`", ("properties", "a-b", "")),
        ('{"type": "object", "properties": {"a": {"type": "strin"}}}', "say which type", ("properties", "a", "type")),
        ('{"type": "object", "minProperties": 1, "properties": {"a": {"type": "boolean"}}}', "`minProperties` is not read for an object", ("minProperties",)),
        ('{"type": "object", "x-references": "d", "properties": {"a": {"type": "boolean"}}}', "an object is no key", ("x-references",)),
        ('{"type": "object", "required": ["b"], "properties": {"a": {"type": "boolean"}}}', "`b` is required, and not declared", ("required", 0, "")),
        ('{"type": "object", "required": 1, "properties": {"a": {"type": "boolean"}}}', "`required` is a list", ("required",)),
        ('{"type": "object", "properties": {"a": {"type": "string", "maxLength": 3, "x-references": "d"}}}', "a reference stands in the customer", ("properties", "a", "x-references")),
        ('{"type": "object", "properties": {"a": {"x-relation": {}}}}', "a relation is a field of the customer", ("properties", "a", "x-relation")),
        ('{"type": "string", "maxLength": 3, "x-references": 1}', "x-references names a dataset", ("x-references",)),
        ('{"type": "array", "items": {"type": "object", "properties": {"a": {"type": "boolean"}}}}', "how many items", ("",)),
        ('{"type": "array", "maxItems": 2, "uniqueItems": true, "items": {"type": "object", "properties": {"a": {"type": "boolean"}}}}', "`uniqueItems` is not read", ("uniqueItems",)),
        ('{"type": "array", "maxItems": 2, "items": {"type": ["object", "null"], "properties": {"a": {"type": "boolean"}}}}', "never missing", ("items",)),
        ('{"x-relation": "d"}', "x-relation says which rows", ("x-relation",)),
        ('{"x-relation": {"dataset": "d"}}', "says its `key`", ("x-relation",)),
        ('{"x-relation": {"dataset": "d", "key": 1}}', "`key` of a relation is a name", ("x-relation",)),
        ('{"x-relation": {"dataset": "d", "key": "k", "tiem": "t"}}', "`tiem` is not read for a relation", ("x-relation",)),
        ('{"x-relation": {"dataset": "d", "key": "k"}, "items": {}}', "described elsewhere", ("items",)),
        ('{"x-relation": {"dataset": "d", "key": "k"}, "minItems": 1}', "`minItems` is not read for a relation", ("minItems",)),
        ('{"type": "object", "x-relation": {"dataset": "d", "key": "k"}}', "a relation is a list of rows", ("type",)),
        ('{"maxItems": 0, "x-relation": {"dataset": "d", "key": "k"}}', "`maxItems` is a whole number", ("maxItems",)),
    ],
)  # fmt: skip
def test_refusals(schema: str, message: str, place: tuple[object, ...]) -> None:
    with pytest.raises(SchemaError) as caught:
        read(schema)
    assert message in caught.value.message
    assert (*caught.value.path, caught.value.key) == place


def test_depth_is_bounded() -> None:
    read(deep(4))
    with pytest.raises(SchemaError, match="at most 4 deep"):
        read(deep(5))
