"""The diff for programs: the model itself, versioned, and its JSON Schema."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from handbill.diff.model import REPORT_VERSION, ReleaseDiff

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def render_json(diff: ReleaseDiff) -> str:
    """The version comes first; of everything else, what has its default is left out, as the schema
    says."""
    report = {"version": diff.version, **msgspec.to_builtins(diff)}
    return msgspec.json.encode(report).decode()


def diff_schema() -> str:
    """The schema of `render_json`'s report, as `schemas/diff.schema.json` holds it."""
    whole: dict[str, Any] = {
        "$schema": _DIALECT,
        "title": "What changes for customers between two releases",
        **msgspec.json.schema(ReleaseDiff),
    }
    report = whole["$defs"][ReleaseDiff.__name__]
    report["required"] = ["version", *report["required"]]
    report["properties"]["version"] = {"const": REPORT_VERSION}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
