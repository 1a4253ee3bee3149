"""A file taken apart into writes, in the normalised shape of a campaign.

`message` becomes `messages.main`, an audience that is text becomes its `include`. Maps under a
merging law are taken apart down to the grain at which the law decides; an atom stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handbill.resolve.fields import LawOf, campaign_law
from handbill.resolve.layers import Layer, Origin, Write, value_at
from handbill.schema.laws import Law
from handbill.source.located import LocatedDocument, Path

NOT_FIELDS = frozenset({"params", "open", "owners", "weight"})
"""Keys beside the campaign fields in a blueprint and in a variant."""


def campaign_writes(
    document: LocatedDocument, at: Path, layer: Layer, root: str
) -> Iterator[Write]:
    """The writes of the campaign fields at `at`: a campaign file, a blueprint, a variant, or what
    a group sets for the instances of a blueprint."""
    fields = value_at(document.value, at)
    for name in fields if isinstance(fields, dict) else ():
        if name not in NOT_FIELDS:
            origin = Origin(layer, root, (*at, name), document)
            yield from writes_at(origin, _target(name, origin), campaign_law)


def _target(name: str, origin: Origin) -> Path:
    if name == "message":
        return ("messages", "main")
    if name == "audience" and isinstance(origin.value, str):
        return ("audience", "include")
    return (name,)


def writes_at(origin: Origin, target: Path, law_of: LawOf) -> Iterator[Write]:
    """The writes of one value that belongs at `target`."""
    value = origin.value
    if isinstance(value, dict) and law_of(target) is not Law.ATOM and not _is_parameter(value):
        for name in value:
            yield from writes_at(origin.below((name,)), (*target, name), law_of)
    else:
        yield Write(target, value, origin)


def _is_parameter(value: Mapping[str, object]) -> bool:
    """`{param: name}` where a const is expected."""
    return set(value) == {"param"} and isinstance(value["param"], str)
