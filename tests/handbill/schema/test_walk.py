"""Which kind each scalar of a document has."""

from __future__ import annotations

from collections.abc import Mapping

from handbill.schema.contracts import ChannelContract
from handbill.schema.document_schema import document_schema
from handbill.schema.walk import json_type, member, narrow, scalar_kinds
from handbill.source.layout import DocumentKind
from handbill.source.yaml import load_document

TEXT = """
uses: winback
with: {discount: 15, list: [a, {b: c}]}
description: Words
audience: {include: customer.x, exclude: {staff: customer.y}, limit: 5}
trigger: {at: 2026-12-05T10:00}
reentry: {after: 3 days}
offer: [{when: customer.z, use: ten}]
message:
  email: {subject: {en-US: 'x'}, template: a.html}
unknown: {a: b}
"""


def test_kinds(contracts: Mapping[str, ChannelContract]) -> None:
    document, _ = load_document("a.yaml", TEXT.encode())
    assert document
    schema = document_schema(DocumentKind.CAMPAIGN, contracts)
    kinds = {".".join(map(str, path)): kind for path, kind in scalar_kinds(schema, document.value)}
    assert kinds == {
        "uses": "name",
        "with.discount": "constant",
        "with.list.0": "constant",
        "with.list.1.b": "constant",
        "description": "prose",
        "audience.include": "expr",
        "audience.exclude.staff": "expr",
        "trigger.at": "datetime",
        "reentry.after": "duration",
        "offer.0.when": "expr",
        "offer.0.use": "name",
        "message.email.subject.en-US": "template",
        "message.email.template": "template-file",
    }


def test_a_short_audience_is_an_expression() -> None:
    schema = document_schema(DocumentKind.CAMPAIGN, {})
    assert dict(scalar_kinds(schema, {"audience": "everyone"})) == {("audience",): "expr"}


def test_nothing_is_known_of_nonsense() -> None:
    assert narrow({}, True, 5) == {}
    assert narrow({}, {"$ref": "#/$defs/Gone"}, 5) == {}
    assert narrow({}, {"anyOf": [{"type": "string"}]}, 5) == {}
    assert member({}, "x") == {}


def test_types() -> None:
    from decimal import Decimal

    values = [None, True, 1, Decimal(1), "x", [], {}]
    assert [json_type(value) for value in values] == [
        "null",
        "boolean",
        "integer",
        "number",
        "string",
        "array",
        "object",
    ]
