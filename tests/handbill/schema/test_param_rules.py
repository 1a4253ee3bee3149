"""Declared parameters make sense, and defaults obey them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.schema.param_rules import parameter_errors
from handbill.source.yaml import load_document

Findings = Callable[[str, str], list[Diagnostic]]


@pytest.mark.parametrize(
    "declared",
    [
        "{type: integer, minimum: 5, maximum: 25, default: 10}",
        "{enum: [30 minutes, 1 hour], default: 1 hour}",
        "{type: string, maxLength: 60}",
        "{type: number, multipleOf: 0.5, default: 2.5}",
        "{type: array, maxItems: 3, items: {type: string}, default: [a]}",
        "{type: object, required: [a], properties: {a: {type: integer}}, default: {a: 1}}",
    ],
)
def test_sound(findings: Findings, declared: str) -> None:
    assert findings("blueprints/b/blueprint.yaml", f"params:\n  p: {declared}") == []


@pytest.mark.parametrize(
    ("declared", "part"),
    [
        ("{description: x}", "needs a `type` or an `enum`"),
        ("{type: string, minimum: 5}", "`minimum` is for integer and number, not for string"),
        ("{enum: [a], maxItems: 5}", "not for an enum"),
        ("{type: integer, minimum: 5, maximum: 2}", "`minimum` is more than `maximum`"),
        ("{type: integer, default: x}", "it is string, not integer"),
        ("{type: integer, minimum: 5, default: 4}", "4 is less than 5"),
        ("{type: string, maxLength: 2, default: abc}", "it has 3 characters, and at most 2"),
        ("{enum: [a, b], default: c}", "`c` is not one of a, b"),
        ("{type: array, items: {type: integer}, default: [a]}", "0: it is string, not integer"),
        ("{type: object, required: [a], default: {}}", "'a' is missing"),
        ("{type: array, items: {maxLength: 5}}", "parameter `items` needs"),
        ("{type: object, properties: {a: {type: string, minimum: 1}}}", "`minimum` is for"),
    ],
)
def test_unsound(findings: Findings, declared: str, part: str) -> None:
    (found,) = findings("blueprints/b/blueprint.yaml", f"params:\n  p: {declared}")
    assert found.code == "HB311"
    assert part in found.message


def test_values_against_a_declaration() -> None:
    document, _ = load_document("a.yaml", b"{type: number, multipleOf: 0.01, maximum: 9.99}")
    assert document and isinstance(document.value, dict)
    from decimal import Decimal

    assert list(parameter_errors(document.value, Decimal("9.50"))) == []
    assert list(parameter_errors(document.value, Decimal("10.5"))) == ["10.5 is more than 9.99"]
