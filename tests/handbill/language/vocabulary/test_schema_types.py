"""Types of a vocabulary's properties."""

from __future__ import annotations

import pytest

from handbill.language.vocabulary.located_json import read_json
from handbill.language.vocabulary.schema_types import SchemaError, type_of
from handbill.plan.types import (
    INT_DEFAULT_MAX,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)


def read(schema: str) -> tuple[Type, bool]:
    return type_of(read_json("f", schema.encode()).value)


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ('{"type": "boolean"}', BoolType()),
        ('{"type": "integer"}', IntType()),
        ('{"type": "integer", "minimum": 1, "maximum": 9}', IntType(1, 9)),
        ('{"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 9}', IntType(2, 8)),
        ('{"type": "integer", "maximum": 9.0}', IntType(maximum=9)),
        ('{"type": "number"}', DecimalType(2, -INT_DEFAULT_MAX, INT_DEFAULT_MAX)),
        (
            '{"type": "number", "multipleOf": 0.001, "minimum": 0, "maximum": 1.5}',
            DecimalType(3, 0, 1500),
        ),
        ('{"type": "number", "multipleOf": 1, "minimum": 0, "maximum": 1}', DecimalType(0, 0, 1)),
        ('{"type": "string", "maxLength": 5}', StringType(5)),
        ('{"type": "string", "maxLength": 5, "format": "email"}', StringType(5)),
        ('{"type": "string", "maxLength": 5, "x-alphabet": "gsm"}', StringType(5, "gsm")),
        ('{"type": "string", "format": "date"}', DateType()),
        ('{"type": "string", "format": "date-time"}', DatetimeType()),
        ('{"enum": ["a", "e\\u0301"]}', EnumType(("a", "é"))),
        ('{"const": "e\\u0301"}', EnumType(("é",))),
        ('{"type": "integer", "const": 5}', IntType(5, 5)),
        ('{"const": 1.5}', DecimalType(2, 150, 150)),
        ('{"const": 0.125}', DecimalType(3, 125, 125)),
        ('{"type": "string", "enum": ["a"], "description": "x"}', EnumType(("a",))),
        (
            '{"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 5}}',
            ListType(StringType(5), 3),
        ),
    ],
)
def test_types(schema: str, type_: Type) -> None:
    assert read(schema) == (type_, False)


def test_null_makes_it_optional() -> None:
    assert read('{"type": ["boolean", "null"]}') == (BoolType(), True)


@pytest.mark.parametrize(
    ("schema", "message", "key"),
    [
        ("true", "a field is described by an object", ""),
        ("{}", "say which type this field has", "type"),
        ('{"type": "enum"}', "say which type", "type"),
        ('{"type": ["string", "integer"]}', "say which type", "type"),
        ('{"const": true}', "a `const` is a text or a number", "const"),
        ('{"const": ""}', "a `const` is a text or a number", "const"),
        ('{"const": 0.0000001}', "a `const` is a text or a number", "const"),
        ('{"const": 9007199254740992}', "a `const` is a text or a number", "const"),
        ('{"const": 1, "minimum": 1}', "`minimum` is not read for a const", "minimum"),
        ('{"$ref": "#/x"}', "`$ref` is not read", "$ref"),
        ('{"type": "string"}', "say how long this text can be", ""),
        ('{"type": "string", "maxLength": 0}', "`maxLength` is a whole number from 1", "maxLength"),
        ('{"type": "string", "maxLength": true}', "`maxLength`", "maxLength"),
        ('{"type": "string", "maxLength": 5, "x-alphabet": "link"}', "plain SMS", "x-alphabet"),
        ('{"enum": ["a"], "x-alphabet": "gsm"}', "`x-alphabet` is not read", "x-alphabet"),
        (
            '{"type": "string", "maxLength": 5, "pattern": "x"}',
            "`pattern` is not read for a string",
            "pattern",
        ),
        ('{"type": "integer", "minimun": 5}', "`minimun` is not read for an integer", "minimun"),
        ('{"type": "integer", "multipleOf": 5}', "`multipleOf` is not read", "multipleOf"),
        ('{"type": "string", "format": "ipv4"}', "the format `ipv4` is not read", "format"),
        (
            '{"type": "integer", "minimum": 1.5}',
            "has more than no digits after the point",
            "minimum",
        ),
        ('{"type": "number", "minimum": 0.001}', "more than 2 digits", "minimum"),
        ('{"type": "integer", "minimum": 9007199254740992}', "is at most", "minimum"),
        ('{"type": "integer", "minimum": 1e30}', "is at most", "minimum"),
        ('{"type": "integer", "minimum": "1"}', "`minimum` is a number", "minimum"),
        ('{"type": "integer", "minimum": 3, "maximum": 2}', "no number lies between", "maximum"),
        ('{"type": "number", "multipleOf": 0.25}', "how many digits", "multipleOf"),
        ('{"type": "number", "multipleOf": 0.0000001}', "how many digits", "multipleOf"),
        ('{"enum": []}', "an enum lists 1 to 500 texts", "enum"),
        ('{"enum": ["a", null]}', "what is missing is not listed", "enum"),
        ('{"enum": ["a", 1]}', "`1` is none", "enum"),
        ('{"enum": ["a", "a"]}', "each text once", "enum"),
        ('{"enum": ["a"], "type": "integer"}', "an enum is a choice of texts", "type"),
        ('{"type": "array", "items": {"type": "boolean"}}', "how many items", ""),
        ('{"type": "array", "maxItems": 3}', "say what the items are", ""),
        (
            '{"type": "array", "maxItems": 3, "items": {"type": "string"}}',
            "items: say how long",
            "items",
        ),
        (
            '{"type": "array", "maxItems": 3, "items": {"type": ["boolean", "null"]}}',
            "never missing",
            "items",
        ),
        (
            '{"type": "array", "maxItems": 3, "items": {"type": "array", "maxItems": 2, "items": {"type": "boolean"}}}',
            "a list of lists",
            "items",
        ),
        (
            '{"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 3, "x-references": "stores"}}',
            "a list of references",
            "items",
        ),
    ],
)
def test_refusals(schema: str, message: str, key: str) -> None:
    with pytest.raises(SchemaError) as error:
        read(schema)
    assert message in error.value.message
    assert error.value.key == key


def test_a_misspelt_keyword_is_guessed() -> None:
    with pytest.raises(SchemaError) as error:
        read('{"type": "integer", "minimun": 5}')
    assert error.value.hint == "did you mean `minimum`?"
