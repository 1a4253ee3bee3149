"""From a value of the wrong form to the right form of the same value: `$5` → `5`, `50%` → `50`.

A hint is typed as it stands, so it keeps the numbers and words that were written. Where nothing can be
made of them there is no value, only a form (`NUMBER`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from handbill.schema.describe import branches_of, example_of
from handbill.schema.kinds import KINDS
from handbill.schema.scalars import ScalarError
from handbill.schema.walk import json_type
from handbill.source.yaml_syntax import quote

Schema = dict[str, Any]
_NUMBER = re.compile(
    r"\s*(?:[A-Z]{0,3}[$€£]|[A-Z]{3})?\s*([0-9]+(?:[.,][0-9]+)?)\s*(?:%|[$€£]|[^\W\d]+)?\s*\Z"
)
_WORDS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_KEYS = {"quiet_hours": "sms"}
"""A key to show for maps whose keys are channels, where only the value was written."""
FORMS = {"integer": "NUMBER", "number": "NUMBER"}


def derived(root: Schema, schema: Schema, key: str, value: object) -> str | None:
    """YAML that `schema` may well accept, made of `value`; None where nothing comes to mind."""
    return next(_derived(root, schema, key, value), None)


def form_of(root: Schema, schema: Schema) -> str:
    """What may stand here, as a form; an example only where it holds nothing to be taken over."""
    branch = branches_of(root, schema)[0]
    is_plain = "enum" not in branch and "const" not in branch
    return FORMS.get(str(branch.get("type")), "") * is_plain or example_of(root, schema)


def _derived(root: Schema, schema: Schema, key: str, value: object) -> Iterator[str]:
    if isinstance(value, dict | list | None):
        return
    for branch in branches_of(root, schema):
        kind = branch.get("type")
        if kind in ("integer", "number") and isinstance(value, str):
            yield from _number(value, branch)
        elif kind == "boolean" and str(value).lower() in _WORDS:
            yield _WORDS[str(value).lower()]
        elif kind == "array":
            item = branch.get("items", {})
            yield from (f"[{inner}]" for inner in _same_or_derived(root, item, key, value))
        elif branch.get("properties"):
            yield from _in_fields(root, branch, value)
        elif isinstance(branch.get("additionalProperties"), dict) and key in _KEYS:
            inside = branch["additionalProperties"]
            for inner in _same_or_derived(root, inside, key, value):
                yield f"{{{_KEYS[key]}: {inner}}}"
        elif branch.get("x-kind") in KINDS and kind == "string":
            yield from _of_kind(branch["x-kind"], value)


def _number(text: str, branch: Schema) -> Iterator[str]:
    match = _NUMBER.match(text)
    if match is None:
        return
    number = Decimal(match[1].replace(",", "."))
    low, high = branch.get("minimum", number), branch.get("maximum", number)
    whole = number == number.to_integral_value()
    if low <= number <= high and (whole or branch.get("type") == "number"):
        yield str(int(number)) if whole else f"{number}"


def _in_fields(root: Schema, branch: Schema, value: object) -> Iterator[str]:
    """`30 days` → `{after: 30 days}`: a block with one field that must be there."""
    required = branch.get("required", [])
    if len(required) == 1:
        field = branch["properties"][required[0]]
        for inner in _same_or_derived(root, field, required[0], value):
            yield f"{{{required[0]}: {inner}}}"


def _same_or_derived(root: Schema, schema: Schema, key: str, value: object) -> Iterator[str]:
    for branch in branches_of(root, schema):
        kind = branch.get("x-kind")
        if branch.get("type") == json_type(value) and isinstance(value, str) and kind in KINDS:
            try:
                KINDS[str(kind)].judge(value)
            except ScalarError:
                continue
            yield quote(value) if KINDS[str(kind)].example.startswith('"') else value
        elif branch.get("type") == json_type(value) and not branch.keys() & {"enum", "const"}:
            yield str(value)
    yield from _derived(root, schema, key, value)


def _of_kind(kind: str, value: object) -> Iterator[str]:
    """The form near to what was written, where it keeps that: `30` → `30 days`, `0.1` → `10%`."""
    if kind not in ("duration", "rate", "share"):
        return
    try:
        KINDS[kind].judge(str(value))
    except ScalarError as error:
        if not error.hint.startswith("N"):
            yield error.hint
