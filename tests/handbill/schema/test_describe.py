"""Schemas and values in words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from handbill.schema.contracts import ChannelContract
from handbill.schema.describe import describe, example_of, has_kind, homes_of, in_words, shown
from handbill.schema.document_schema import MODELS, document_schema
from handbill.schema.validator import KindValidator
from handbill.source.layout import DocumentKind
from handbill.source.yaml import load_document


def test_lists_of_words() -> None:
    assert in_words([]) == ""
    assert in_words(["a"]) == "a"
    assert in_words(["a", "b", "c"], "or") == "a, b or c"


def test_values() -> None:
    assert shown("x" * 60) == f"text (`{'x' * 40}`)"
    assert shown(True) == "true or false (`true`)"
    assert shown([1]) == "a list"
    assert shown(None) == "null"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("expires", "a duration"),
        ("status", "draft, active or paused"),
        ("reentry", "never, always or a block with after"),
        ("offer", "a name or a list (a block with when and use each)"),
        ("audience", "an expression or a block with include, exclude, limit and rank"),
    ],
)
def test_what_a_field_takes(field: str, words: str) -> None:
    schema = document_schema(DocumentKind.CAMPAIGN, {})
    assert describe(schema, schema["properties"][field]) in (
        words,
        words.replace(" or always", " or always"),
    )


@pytest.mark.parametrize("kind", list(MODELS))
def test_examples_are_accepted(
    kind: DocumentKind, contracts: Mapping[str, ChannelContract]
) -> None:
    schema = document_schema(kind, contracts)
    fields = schema.get("properties") or {"x": schema["additionalProperties"]}
    for name, field in fields.items():
        example = example_of(schema, field)
        if "…" in example or name in ("params", "body"):
            continue
        document, found = load_document("a.yaml", f"x: {example}".encode())
        assert document and isinstance(document.value, dict), (name, example, found)
        wanted = {"$defs": schema.get("$defs", {}), "properties": {"x": field}}
        errors = [error.message for error in KindValidator(wanted).iter_errors(document.value)]
        assert errors == [], (name, example)


def test_where_a_field_belongs(contracts: Mapping[str, ChannelContract]) -> None:
    schema = document_schema(DocumentKind.CAMPAIGN, contracts)
    assert homes_of(schema, "cron") == ["trigger"]
    assert homes_of(schema, "ttl")[0] == "message.push"
    assert homes_of(schema, "colour") == []


def test_kinds_of_alternatives() -> None:
    schema = document_schema(DocumentKind.CAMPAIGN, {})
    assert has_kind(schema, schema["properties"]["audience"], {"expr"})
    assert not has_kind(schema, schema["properties"]["status"], {"expr"})
