"""From pydantic's JSON Schema of a document kind to the one that is checked and exported.

Three things that pydantic cannot know: which documents are layers (there a null removes what an
outer layer wrote; elsewhere it says nothing and is refused), the repository's channels, and where a
constant may come from a parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from handbill.schema.contracts import ChannelContract
from handbill.schema.message import compose_message_schema
from handbill.schema.model_schemas import model_schema
from handbill.schema.models.audience import AudienceDocument
from handbill.schema.models.blueprint import BlueprintDocument
from handbill.schema.models.campaign import CampaignDocument
from handbill.schema.models.campaign_test import CampaignTestDocument, PersonaDocument
from handbill.schema.models.channel import ChannelDocument, VendorDocument
from handbill.schema.models.effective import EffectiveCampaign
from handbill.schema.models.environment import EnvironmentDocument
from handbill.schema.models.fields import FieldsDocument
from handbill.schema.models.offer import OfferDocument
from handbill.schema.models.platform import PlatformDocument
from handbill.schema.models.tenant import GroupDocument, TenantDocument
from handbill.schema.rewriting import Schema, rewrite
from handbill.source.layout import DocumentKind

MODELS: Mapping[DocumentKind, type[BaseModel]] = {
    DocumentKind.PLATFORM: PlatformDocument,
    DocumentKind.ENVIRONMENT: EnvironmentDocument,
    DocumentKind.CHANNEL: ChannelDocument,
    DocumentKind.VENDOR: VendorDocument,
    DocumentKind.BLUEPRINT: BlueprintDocument,
    DocumentKind.GROUP: GroupDocument,
    DocumentKind.TENANT: TenantDocument,
    DocumentKind.AUDIENCE: AudienceDocument,
    DocumentKind.FIELDS: FieldsDocument,
    DocumentKind.OFFER: OfferDocument,
    DocumentKind.CAMPAIGN: CampaignDocument,
    DocumentKind.TEST: CampaignTestDocument,
    DocumentKind.PERSONA: PersonaDocument,
}
LAYERS = frozenset(
    {
        DocumentKind.BLUEPRINT,
        DocumentKind.GROUP,
        DocumentKind.TENANT,
        DocumentKind.FIELDS,
        DocumentKind.CAMPAIGN,
    }
)
WITH_PARAMETERS = frozenset({DocumentKind.BLUEPRINT, DocumentKind.OFFER})
CONST_KINDS = frozenset(
    {"prose", "label", "duration", "rate", "share", "window", "datetime", "date", "cron",
     "amount", "locale", "template-file", "name"}
)  # fmt: skip
PARAM = {
    "type": "object",
    "properties": {"param": {"type": "string", "x-kind": "field"}},
    "required": ["param"],
    "additionalProperties": False,
    "x-kind": "param",
    "description": "The value of a parameter.",
}


def document_schema(
    kind: DocumentKind, contracts: Mapping[str, ChannelContract] | None = None
) -> Schema:
    """JSON Schema 2020-12 of one document kind; `contracts` None leaves the parts of messages open,
    as for editors that do not know the repository."""
    schema = model_schema(MODELS[kind])
    if kind not in LAYERS:
        schema = rewrite(schema, _without_null)
    if contracts is not None:
        schema = _with_messages(schema, contracts, nullable=kind in LAYERS)
    if kind in WITH_PARAMETERS:
        schema = _with_parameters(schema)
    return schema


def effective_schema(contracts: Mapping[str, ChannelContract]) -> Schema:
    """What a campaign must be after all layers."""
    schema = rewrite(model_schema(EffectiveCampaign), _without_null)
    return _with_messages(schema, contracts, nullable=False)


# ── rewriting ────────────────────────────────────────────────────────────────────────────────────


def _without_null(node: Schema) -> Schema:
    branches = node.get("anyOf")
    if not branches or {"type": "null"} not in branches:
        return node
    left = [branch for branch in branches if branch != {"type": "null"}]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    return {**left[0], **rest} if len(left) == 1 else {**rest, "anyOf": left}


def _with_messages(
    schema: Schema, contracts: Mapping[str, ChannelContract], *, nullable: bool
) -> Schema:
    def compose(node: Schema) -> Schema:
        kind = node.get("x-kind")
        if kind not in ("message", "complete-message"):
            return node
        composed = compose_message_schema(contracts, complete=kind == "complete-message")
        return _nullable_message(composed) if nullable else composed

    return rewrite(schema, compose)  # type: ignore[no-any-return]


def _nullable_message(message: Schema) -> Schema:
    """A null takes away a channel or a part that an outer layer wrote."""
    channels = {}
    for name, channel in message["properties"].items():
        parts = {part: _or_null(inner) for part, inner in channel["properties"].items()}
        if "blocks" in parts:
            blocks = channel["properties"]["blocks"]
            inner = _or_null(blocks["additionalProperties"])
            parts["blocks"] = _or_null({**blocks, "additionalProperties": inner})
        channels[name] = _or_null({**channel, "properties": parts})
    return {**message, "properties": channels}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _with_parameters(schema: Schema) -> Schema:
    """Every constant may also be {param: NAME}; what declares the parameters may not."""
    kept = {"params": schema["properties"].get("params"), "open": schema["properties"].get("open")}
    new: Schema = rewrite(schema, _or_param)
    new["properties"] |= {name: inner for name, inner in kept.items() if inner}
    if "ParamSchema" in schema["$defs"]:
        new["$defs"]["ParamSchema"] = schema["$defs"]["ParamSchema"]
    new["$defs"]["Param"] = PARAM
    return new


def _or_param(node: Schema) -> Schema:
    kind = node.get("x-kind")
    plain = node.get("type") in ("integer", "number", "boolean") or "enum" in node
    if (kind in CONST_KINDS and ("type" in node or "anyOf" in node)) or (kind is None and plain):
        return _flat({"anyOf": [node, {"$ref": "#/$defs/Param"}]})
    return _flat(node)


def _flat(node: Schema) -> Schema:
    """Alternatives inside alternatives, written as one list."""
    if "anyOf" not in node:
        return node
    branches: list[Any] = []
    for branch in node["anyOf"]:
        inner = branch["anyOf"] if set(branch) == {"anyOf"} else [branch]
        branches.extend(one for one in inner if one not in branches)
    return {**node, "anyOf": branches}
