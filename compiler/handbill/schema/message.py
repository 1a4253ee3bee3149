"""The schema of `message`, composed from the channels of the repository at hand.

A text, url, image, int or enum part is a field of the part's name; an html part is written as
`template` (a file) or `body`, with `blocks` that replace the template's named blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from handbill.schema.contracts import ChannelContract
from handbill.schema.models.channel import PartDocument
from handbill.schema.models.values import Text
from handbill.schema.rewriting import tidy

TEMPLATE_FILE = {
    "type": "string",
    "pattern": r"^[^/\s][^\s]*\.(html|mjml)$",
    "x-kind": "template-file",
    "description": "A file below templates/, HTML or MJML; group/… and platform/… reach shared ones.",
}


def compose_message_schema(
    contracts: Mapping[str, ChannelContract], *, complete: bool = False
) -> dict[str, Any]:
    """JSON Schema (2020-12) of channel → parts. `complete`: as it must be after all layers, with
    every part that the channel requires."""
    return {
        "type": "object",
        "x-kind": "message",
        "properties": {
            name: _channel(contract, complete) for name, contract in sorted(contracts.items())
        },
        "additionalProperties": False,
    }


def _channel(contract: ChannelContract, complete: bool) -> dict[str, Any]:
    if not contract.known:
        return {"type": "object", "properties": {}}
    properties: dict[str, Any] = {}
    required: list[str] = []
    for name, part in contract.parts.items():
        if part.kind == "html":
            properties |= {
                "template": TEMPLATE_FILE,
                "body": text_schema(),
                "blocks": {"type": "object", "additionalProperties": TEMPLATE_FILE},
            }
        else:
            properties[name] = _part(part)
            if part.required:
                required.append(name)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if complete and required:
        schema["required"] = required
    return schema


def _part(part: PartDocument) -> dict[str, Any]:
    match part.kind:
        case "int":
            bound = {} if part.max is None else {"maximum": part.max}
            return {"type": "integer", "minimum": 0, **bound}
        case "enum":
            return {"enum": list(part.values or ())}
        case _:
            return text_schema()


@cache
def text_schema() -> dict[str, Any]:
    """Text, or one text per locale. Made once, and shared: nobody changes it."""
    return tidy(TypeAdapter(Text).json_schema())
