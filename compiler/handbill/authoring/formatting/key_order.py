"""In which order the fields of each kind of file stand: that of its model, after those with which
somebody reading begins.

Only the fields of the file itself are put in order: what is inside them stays as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handbill.schema.walk import Schema
from handbill.source.layout import DocumentKind
from handbill.source.located import Value

_ABOUT = (
    "category", "status", "owner", "description", "tags", "priority", "starts", "ends", "was"
)  # fmt: skip
_WHEN = ("trigger", "audience", "reentry", "exit", "holdout", "limits", "window", "expires")
_WHAT = ("offer", "message", "messages", "links", "locales", "steps", "deliver", "experiment")
FIRST: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.PLATFORM: (
        "format", "categories", "limits", "holdout", "links", "lock", "owners", "review", "policies",
    ),
    DocumentKind.CAMPAIGN: ("uses", *_ABOUT, *_WHEN, "with", *_WHAT),
    DocumentKind.BLUEPRINT: ("params", "open", *_ABOUT, *_WHEN, "with", *_WHAT),
    DocumentKind.TENANT: (
        "name", "group", "locale", "locales", "locale_fallback", "timezone", "currency", "brand",
        "channels", "channel_order", "categories", "limits", "holdout", "links", "data", "seeds",
        "blueprints", "lock", "owners",
    ),
    DocumentKind.GROUP: (
        "name", "brand", "categories", "limits", "holdout", "links", "blueprints", "lock", "owners",
    ),
    DocumentKind.ENVIRONMENT: ("description",),
    DocumentKind.OFFER: ("description",),
}  # fmt: skip
"""What stands before the rest of the model's own order."""
OF_A_BLUEPRINT = ("uses", *_ABOUT, "with", *_WHEN, *_WHAT)
"""Of a campaign that uses a blueprint: what it gives it comes first."""


def ordered(kind: DocumentKind, schema: Schema, value: Mapping[str, Value]) -> list[str]:
    """The fields of a file of `kind` in their order; `schema` is the kind's."""
    first = OF_A_BLUEPRINT if "uses" in value else FIRST.get(kind, ())
    return in_order(value, [*first, *schema.get("properties", {})])


def in_order(keys: Iterable[str], known: Iterable[str]) -> list[str]:
    """`keys` by their place in `known`; one that is not known stays behind the one before it."""
    place = {name: at for at, name in reversed([*enumerate(known)])}
    at = -1
    ranked: list[tuple[int, str]] = []
    for key in keys:
        at = place.get(key, at)
        ranked.append((at, key))
    return [key for _, key in sorted(ranked, key=lambda pair: pair[0])]
