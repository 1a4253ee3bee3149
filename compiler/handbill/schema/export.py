"""The JSON Schemas of everything a retailer writes, for editors: 2020-12, and draft-07 for older
ones. Generated from the models; a test fails when the files in `schemas/` are not these.

Our own keywords stay in (editors ignore them), apart from parsing rules that no editor could run.
"""

from __future__ import annotations

import json
from typing import Any

from handbill.schema.document_schema import MODELS, document_schema
from handbill.source.layout import DocumentKind

TITLES = {
    DocumentKind.PLATFORM: "handbill.yaml",
    DocumentKind.ENVIRONMENT: "environments/NAME.yaml",
    DocumentKind.CHANNEL: "channels/NAME/channel.yaml",
    DocumentKind.VENDOR: "channels/NAME/VENDOR.yaml",
    DocumentKind.BLUEPRINT: "blueprints/NAME/blueprint.yaml",
    DocumentKind.GROUP: "groups/NAME/group.yaml",
    DocumentKind.TENANT: "tenants/NAME/tenant.yaml",
    DocumentKind.AUDIENCE: "audiences/NAME.yaml",
    DocumentKind.FIELDS: "fields.yaml",
    DocumentKind.OFFER: "offers/NAME.yaml",
    DocumentKind.CAMPAIGN: "campaigns/NAME.yaml",
    DocumentKind.TEST: "tests/NAME.yaml",
    DocumentKind.PERSONA: "personas/NAME.yaml",
}
DIALECTS = {
    "documents": "https://json-schema.org/draft/2020-12/schema",
    "documents/draft-07": "http://json-schema.org/draft-07/schema#",
}


def document_schema_files() -> dict[str, bytes]:
    """Path below `schemas/` → content, for every document kind in both dialects."""
    files: dict[str, bytes] = {}
    for folder, dialect in DIALECTS.items():
        for kind in MODELS:
            schema = {"$schema": dialect, "title": TITLES[kind], **document_schema(kind)}
            if folder.endswith("draft-07"):
                schema = _draft_07(schema)
            files[f"{folder}/{kind.value}.schema.json"] = _bytes(schema)
    return files


def _bytes(schema: dict[str, Any]) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _draft_07(node: Any) -> Any:
    """2020-12 in draft-07's words; of what pydantic writes for us only `$defs` has another name, and
    there a `$ref` must stand alone."""
    if isinstance(node, list):
        return [_draft_07(inner) for inner in node]
    if isinstance(node, str):
        return node.replace("#/$defs/", "#/definitions/") if node.startswith("#/$defs/") else node
    if not isinstance(node, dict):
        return node
    if "$ref" in node and len(node) > 1:
        rest = {key: inner for key, inner in node.items() if key != "$ref"}
        return _draft_07({**rest, "allOf": [{"$ref": node["$ref"]}]})
    return {
        "definitions" if key == "$defs" else key: _draft_07(inner) for key, inner in node.items()
    }
