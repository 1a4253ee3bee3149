"""Diagnostics for programs."""

from __future__ import annotations

import json

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.diagnostics.render_json import render_json

PLACE = SourceRange("tenants/ff/campaigns/a.yaml", 8, 12, 8, 36)


def test_everything() -> None:
    one = Diagnostic(
        "HB501",
        "`customer.x` may be missing",
        PLACE,
        hint="`customer.x | default(0)`",
        notes=("declared optional",),
        related=(
            Related("declared here", SourceRange("schemas/customer.schema.json", 4, 1, 4, 9)),
        ),
        witness={"orders_90d": 0},
        tenant="ff",
    )
    assert json.loads(render_json([one])) == {
        "version": 1,
        "diagnostics": [
            {
                "code": "HB501",
                "severity": "error",
                "message": "`customer.x` may be missing",
                "tenant": "ff",
                "range": {
                    "file": "tenants/ff/campaigns/a.yaml",
                    "line": 8,
                    "column": 12,
                    "end_line": 8,
                    "end_column": 36,
                },
                "hint": "`customer.x | default(0)`",
                "notes": ["declared optional"],
                "related": [
                    {
                        "message": "declared here",
                        "range": {
                            "file": "schemas/customer.schema.json",
                            "line": 4,
                            "column": 1,
                            "end_line": 4,
                            "end_column": 9,
                        },
                    }
                ],
                "witness": {"orders_90d": 0},
            }
        ],
    }


def test_what_is_absent_is_left_out() -> None:
    body = json.loads(render_json([Diagnostic("HB114", "x")]))
    assert body["diagnostics"] == [{"code": "HB114", "severity": "error", "message": "x"}]


def test_nothing_found() -> None:
    assert json.loads(render_json([])) == {"version": 1, "diagnostics": []}
