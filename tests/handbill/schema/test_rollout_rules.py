"""Rings grow and end with everybody; freezes end after they began."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Codes = Callable[[str, str], list[str]]
ENVIRONMENT = """
data: {root: "file:///data/{tenant}"}
store: file:///store
ledger: sqlite:///ledger.db
public_url: https://go.shop.example
assets_url: https://cdn.shop.example
providers: {}
"""
EVERYONE = "{name: everyone, share: 100%}"


@pytest.mark.parametrize(
    ("rings", "wanted"),
    [
        (f"[{EVERYONE}]", []),
        (f"[{{name: a, tenants: [fresh]}}, {{name: b, groups: [harbor]}}, {{name: c, share: 10%}}, {EVERYONE}]", []),
        (f"[{{name: a, tenants: [fresh], share: 5%, hold: 2 hours}}, {EVERYONE}]", []),
        (f"[{{name: a}}, {EVERYONE}]", ["HB841"]),
        (f"[{{name: everyone, tenants: [fresh]}}, {EVERYONE}]", ["HB841"]),
        (f"[{{name: a, share: 0%}}, {EVERYONE}]", ["HB842"]),
        (f"[{{name: a, share: 10%}}, {{name: b, share: 10%}}, {EVERYONE}]", ["HB842"]),
        (f"[{EVERYONE}, {{name: b, share: 50%}}]", ["HB842", "HB842"]),
        ("[{name: a, share: 10%}]", ["HB842"]),
        ("[{name: a, tenants: [fresh]}]", ["HB842"]),
        ("[]", ["HB307"]),
        (f"[{{name: a, tenants: []}}, {EVERYONE}]", ["HB307"]),
        (f"[{{name: a, share: 10}}, {EVERYONE}]", ["HB303"]),
        (f"[{{name: a, percent: 10}}, {EVERYONE}]", ["HB301"]),
        (f"[{{name: a, share: 10%, hold: 30m}}, {EVERYONE}]", ["HB305"]),
    ],
)  # fmt: skip
def test_rings(codes: Codes, rings: str, wanted: list[str]) -> None:
    text = f"{ENVIRONMENT}rollout: {{rings: {rings}}}\n"
    assert codes("environments/live.yaml", text) == wanted


@pytest.mark.parametrize(
    ("freeze", "wanted"),
    [
        ("{from: 2026-11-26T18:00, to: 2026-12-01T06:00, timezone: America/New_York, reason: Sale}", []),
        ("{from: 2026-11-26T18:00, to: 2026-11-26T18:00, timezone: UTC, reason: Sale}", ["HB313"]),
        ("{from: 2026-11-26T18:00, to: 2026-12-01T06:00, timezone: New York, reason: Sale}", ["HB305"]),
        ("{from: 2026-11-26T18:00, to: 2026-12-01T06:00, timezone: UTC}", ["HB302"]),
    ],
)  # fmt: skip
def test_freezes(codes: Codes, freeze: str, wanted: list[str]) -> None:
    assert codes("environments/live.yaml", f"{ENVIRONMENT}freeze: [{freeze}]\n") == wanted


def test_the_hint_says_what_to_add(hints: Callable[[str, str], list[str | None]]) -> None:
    text = f"{ENVIRONMENT}rollout: {{rings: [{{name: a, share: 10%}}]}}\n"
    assert hints("environments/live.yaml", text) == [
        "add a last ring: {name: everyone, share: 100%}"
    ]
