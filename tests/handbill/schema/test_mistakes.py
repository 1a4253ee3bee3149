"""One mistake for each place, by the alternative that was meant."""

from __future__ import annotations

import pytest

from handbill.schema.document_schema import document_schema
from handbill.schema.mistakes import find_mistakes
from handbill.schema.validator import KindValidator
from handbill.source.layout import DocumentKind
from handbill.source.yaml import load_document


def mistakes(text: str, kind: DocumentKind = DocumentKind.CAMPAIGN) -> list[tuple[str, str]]:
    document, found = load_document("a.yaml", text.encode())
    assert document, found
    schema = document_schema(kind, {})
    errors = KindValidator(schema).iter_errors(document.value)
    return [
        (mistake.keyword, ".".join(map(str, mistake.path)))
        for mistake in find_mistakes(errors, schema)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("trigger: {at: 2026-12-05T10:00}", []),
        ("trigger: {at: soon}", [("x-kind", "trigger.at"), ("pattern", "trigger.at")]),
        ("trigger: {cron: x}", [("x-kind", "trigger.cron"), ("minLength", "trigger.cron")]),
        ("trigger: {}", [("none-of", "trigger")]),
        ("trigger: {event: x}", [("none-of", "trigger")]),
        ("trigger: {at: publish, cron: '0 8 * * WED'}", [("both-of", "trigger")]),
        ("trigger: {cronn: '0 8 * * WED'}", [("additionalProperties", "trigger"), ("required", "trigger")]),
        ("trigger: {at: publish, often: true}", [("additionalProperties", "trigger")]),
        ("trigger: daily", [("anyOf", "trigger")]),
        ("reentry: sometimes", [("enum", "reentry")]),
        ("reentry: {after: soon}", [("x-kind", "reentry.after"), ("pattern", "reentry.after")]),
        ("reentry: 5", [("anyOf", "reentry")]),
        ("offer: []", [("minItems", "offer")]),
        ("offer: [{when: x}]", [("required", "offer.0")]),
        ("experiment: {variants: {A: {weight: 1}, b: {weight: 1}}}", [("x-kind", "experiment.variants"), ("pattern", "experiment.variants")]),
    ],
)  # fmt: skip
def test_what_was_meant(text: str, wanted: list[tuple[str, str]]) -> None:
    assert mistakes(text) == wanted


def test_parameters_are_meant_only_when_they_are_named() -> None:
    kind = DocumentKind.BLUEPRINT
    assert mistakes("reentry: {param: x}", kind) == []
    assert mistakes("expires: {parm: x}", kind)[0][1] == "expires"
    assert mistakes("trigger: {at: {param: 5}}", kind) == [("type", "trigger.at.param")]
