"""A file taken apart into writes, in the normalised shape of a campaign.

`message` becomes `messages.main`, an audience that is text becomes its `include`. Maps under a
merging law are taken apart down to the grain at which the law decides; an atom stays whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from handbill.resolve.layers import Layer, Origin, Write, value_at
from handbill.schema.laws import Law
from handbill.source.located import LocatedDocument, Path

LawOf = Callable[[Path], Law]
NOT_FIELDS = frozenset({"params", "open", "weight"})
"""Keys beside the campaign fields in a blueprint and in a variant."""

TAKEN_APART = frozenset({Law.MERGE, Law.ADD, Law.STRICTEST, Law.UNION, Law.LARGEST})
"""Laws under which a map is a map of entries; the entries are what is merged."""


def campaign_writes(
    document: LocatedDocument, at: Path, layer: Layer, root: str, law_of: LawOf
) -> Iterator[Write]:
    """The writes of the campaign fields at `at`: a campaign file, a blueprint, a variant, or what
    a group or tenant sets for the instances of a blueprint."""
    fields = value_at(document.value, at)
    for name in fields if isinstance(fields, dict) else ():
        if name in NOT_FIELDS:
            continue
        place = (*at, name)
        target: Path = (name,)
        if name == "message":
            target = ("messages", "main")
        elif name == "audience" and isinstance(value_at(document.value, place), str):
            target = ("audience", "include")
        yield from writes_at(Origin(layer, root, place, document), target, law_of)


def writes_at(origin: Origin, target: Path, law_of: LawOf) -> Iterator[Write]:
    """The writes of one value that belongs at `target`."""
    value = origin.value
    if isinstance(value, dict) and law_of(target) in TAKEN_APART and not _is_parameter(value):
        for name in value:
            yield from writes_at(origin.below((name,)), (*target, name), law_of)
    else:
        yield Write(target, value, origin)


def default_writes(
    document: LocatedDocument,
    layer: Layer,
    root: str,
    fields: Mapping[Path, Path],
    law_of: LawOf,
) -> Iterator[Write]:
    """The writes of fields that a platform, group or tenant file sets for every campaign.

    `fields` maps a path in the file to the path in the campaign.
    """
    for place, target in fields.items():
        if value_at(document.value, place) is not None:
            yield from writes_at(Origin(layer, root, place, document), target, law_of)


def _is_parameter(value: Mapping[str, object]) -> bool:
    """`{param: name}` where a const is expected."""
    return set(value) == {"param"} and isinstance(value["param"], str)
