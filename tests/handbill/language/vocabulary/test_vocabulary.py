"""The vocabulary of a repository, and what a tenant adds."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expression import compile_expression
from handbill.language.scope import RecordRoot, Scope
from handbill.language.vocabulary.vocabulary import Vocabulary, extend_vocabulary, read_vocabulary
from handbill.plan.types import BoolType, IntType, StringType
from handbill.source.text import SourceText

CUSTOMER = "schemas/customer.schema.json"
STORES = "schemas/data/stores.schema.json"
EXTENSION = "tenants/fresh/schemas/customer.schema.json"
ID = '"id": {"type": "string", "maxLength": 40}'


def record(fields: str, required: str = '"id"') -> bytes:
    return f'{{\n"type": "object",\n"required": [{required}],\n"properties": {{\n{ID},\n{fields}\n}}\n}}'.encode()


def read(fields: str, required: str = '"id"') -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
    return read_vocabulary({CUSTOMER: record(fields, required)})


def only(found: tuple[Diagnostic, ...]) -> tuple[str, str, str | None]:
    (one,) = found
    return one.code, one.message, one.hint


def test_fields_in_order_with_their_places() -> None:
    vocabulary, found = read('"b": {"type": "boolean"},\n"a": {"type": "integer"}', '"id", "a"')
    assert found == ()
    assert list(vocabulary.customer.fields) == ["id", "b", "a"]
    b, a = vocabulary.customer.fields["b"], vocabulary.customer.fields["a"]
    assert (b.type, b.required) == (BoolType(), False)
    assert (a.type, a.required) == (IntType(), True)
    assert str(a.range) == f"{CUSTOMER}:7:1"


def test_null_is_optional_even_where_required() -> None:
    vocabulary, _ = read('"b": {"type": ["boolean", "null"]}', '"id", "b"')
    assert not vocabulary.customer.fields["b"].required


def test_references() -> None:
    fields = '"store": {"type": "string", "maxLength": 9, "x-references": "stores"}'
    vocabulary, found = read_vocabulary(
        {CUSTOMER: record(fields), STORES: record('"n": {"type": "integer"}')}
    )
    assert found == ()
    assert vocabulary.customer.fields["store"].references == "stores"
    assert set(vocabulary.datasets["stores"].fields) == {"id", "n"}
    code, message, hint = only(
        read_vocabulary(
            {
                CUSTOMER: record(fields.replace("stores", "shops")),
                STORES: record('"n": {"type": "integer"}'),
            }
        )[1]
    )
    assert (code, hint) == ("HB520", "add schemas/data/shops.schema.json")
    assert message == "`store` refers to the dataset `shops`, which is not declared"
    hint = only(
        read_vocabulary(
            {
                CUSTOMER: record(fields.replace("stores", "store")),
                STORES: record('"n": {"type": "integer"}'),
            }
        )[1]
    )[2]
    assert hint == "did you mean `stores`?"


@pytest.mark.parametrize(
    ("schemas", "found"),
    [
        ({}, ("HB520", "the vocabulary of the customer is missing", "add schemas/customer.schema.json with the fields that campaigns may use")),
        ({CUSTOMER: b"{"}, ("HB520", "a key in double quotes belongs here", None)),
        ({CUSTOMER: b"[]"}, ("HB520", "a schema is an object", None)),
        ({CUSTOMER: b'{"properties": []}'}, ("HB520", "`properties` is an object of at most 1000 fields", None)),
        ({CUSTOMER: record('"a-b": {"type": "boolean"}')}, ("HB520", "no expression can name the field `a-b`: letters, digits and _ only", "a_b")),
        ({CUSTOMER: record('"a": {"type": "bolean"}')}, ("HB521", "`a`: say which type this field has", '"type": one of string, integer, number, boolean, array, object')),
        ({CUSTOMER: record('"alpha": {"type": "boolean"}', '"id", "alpa"')}, ("HB520", "`alpa` is required, and not declared", "did you mean `alpha`?")),
        ({CUSTOMER: record('"a": {"type": "boolean", "x-references": 1}')}, ("HB521", "`a`: x-references names a dataset", None)),
        ({CUSTOMER: record('"a": {"type": "boolean"}', "")}, ("HB523", "every customer needs an `id`", '"id": {"type": "string", "maxLength": 40}, and "id" in `required`')),
        ({CUSTOMER: record('"locale": {"type": "integer"}')}, ("HB523", "`locale` has a meaning of its own and is a text (en-US)", "declare it as a text (en-US), or give the field another name")),
        ({CUSTOMER: record('"consent": {"type": "boolean"}')}, ("HB523", "`consent` has a meaning of its own and is a list of texts (email.promotions)", "declare it as a list of texts (email.promotions), or give the field another name")),
        ({CUSTOMER: b'{"type": "object", "propertys": {}}'}, ("HB521", "`propertys` is not read here", "did you mean `properties`?")),
        ({CUSTOMER: b'{"type": "array"}'}, ("HB521", "a record is an object", '"type": "object"')),
        ({CUSTOMER: b'{"required": 1}'}, ("HB520", "`required` is a list of field names", None)),
        ({CUSTOMER: record('"a": {"type": "boolean"}'), "schemas/stores.schema.json": b"{}"}, ("HB520", "this schema stands where none is read", "schemas/customer.schema.json, schemas/data/NAME.schema.json or schemas/events/NAME.schema.json")),
    ],
)  # fmt: skip
def test_refusals(schemas: dict[str, bytes], found: tuple[str, str, str | None]) -> None:
    assert only(read_vocabulary(schemas)[1]) == found


def test_places_of_mistakes() -> None:
    _, (found,) = read('"a": {"type": "string", "maxLength": 5, "pattern": "x"}')
    assert str(found.range) == f"{CUSTOMER}:6:41"


def test_a_tenant_adds_and_may_require() -> None:
    shared, _ = read('"a": {"type": "integer"}')
    vocabulary, found = extend_vocabulary(
        shared,
        {
            EXTENSION: b'{"required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}'
        },
    )
    assert found == ()
    assert vocabulary.customer.fields["a"].required
    assert str(vocabulary.customer.fields["a"].range) == f"{CUSTOMER}:6:1"
    assert "b" in vocabulary.customer.fields
    assert "b" not in shared.customer.fields


def test_a_tenant_does_not_contradict() -> None:
    shared, _ = read('"a": {"type": "integer"}')
    vocabulary, (found,) = extend_vocabulary(
        shared, {EXTENSION: b'{"properties": {"a": {"type": "integer", "maximum": 5}}}'}
    )
    assert (found.code, found.tenant) == ("HB522", "fresh")
    assert found.message == "`a` is declared otherwise for everyone"
    assert [str(each.range) for each in found.related] == [f"{CUSTOMER}:6:1"]
    assert vocabulary.customer.fields["a"].type == IntType()


def test_mistakes_of_the_platform_are_said_once() -> None:
    shared, found = read('"store": {"type": "string", "maxLength": 9, "x-references": "shops"}', "")
    assert [each.code for each in found] == ["HB520", "HB523"]
    assert all(each.tenant is None for each in found)
    _, again = extend_vocabulary(shared, {EXTENSION: b'{"properties": {"b": {"type": "boolean"}}}'})
    assert again == ()


def test_a_tenant_s_own_dataset() -> None:
    shared, _ = read('"a": {"type": "integer"}')
    path = "tenants/fresh/schemas/data/gifts.schema.json"
    schema = json.dumps({"properties": {"sku": {"type": "string", "maxLength": 9}}}).encode()
    vocabulary, found = extend_vocabulary(shared, {path: schema})
    assert found == ()
    assert vocabulary.datasets["gifts"].fields["sku"].type == StringType(9)


def test_a_broken_schema_is_reported_once(scope: Scope) -> None:
    """Rules over fields that could not be read say nothing of their own."""
    vocabulary, found = read('"a": {"type": "string"}')
    assert [each.code for each in found] == ["HB521"]
    here = replace(scope, roots={"customer": RecordRoot(vocabulary.customer)})
    compiled = compile_expression(SourceText.of_file("f", "customer.a == 'x'"), here, None)
    assert (compiled.expression, compiled.diagnostics) == (None, ())
