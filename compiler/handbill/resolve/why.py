"""`why`: for one field of a campaign, every layer that had a say and what came of it.

Reads what the merge kept; nothing is merged again, so what is explained is what runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import SourceRange
from handbill.resolve.defaults import BY_CHANNEL
from handbill.resolve.fields import CHANNELS, FIELDS, LawOf, campaign_law, retailer_law
from handbill.resolve.layers import Origin, Write, value_at
from handbill.resolve.merge import Cell, Cells
from handbill.resolve.model import ONLY, ResolvedCampaign, ResolvedTenant
from handbill.resolve.patterns import Pattern, covers, dotted, parse_pattern
from handbill.schema.laws import Law
from handbill.source.located import Path, Value

LIMITS, LINKS = "limits", "links"
"""What every campaign carries for itself, its retailer's included."""
EFFECTS: Mapping[Law, tuple[str, str]] = {
    Law.MERGE: ("takes effect", "replaced"),
    Law.ATOM: ("takes effect", "replaced"),
    Law.ADD: ("applies", "says the same"),
    Law.STRICTEST: ("applies", "a stricter one over the same time applies"),
    Law.UNION: ("applies", "says the same"),
    Law.LARGEST: ("the largest", "smaller"),
}
"""Law → what became of a writing that decides, and of one that does not."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One layer's word. `value` None: it removes the entry."""

    layer: str
    range: SourceRange
    value: Value
    effect: str


@dataclass(frozen=True, slots=True)
class ExplainedValue:
    """`of` says whose value it is: the campaign's, a variant's, one channel's or the tenant's."""

    field: str
    of: str
    value: Value
    law: str
    writings: tuple[Writing, ...]
    """Lowest layer first."""


def explain_value(
    tenant: ResolvedTenant, campaign: ResolvedCampaign, field: str
) -> tuple[ExplainedValue, ...]:
    """Everything at or below `field` (`message.email.subject`, `limits`, `brand.colors`).

    Empty when no layer wrote anything there; `default_of` then knows what holds.
    """
    asked = parse_pattern(field)
    explained = [*_of_campaign(campaign, asked)]
    for name, variant in campaign.variants.items():
        if name != ONLY:
            changed = _changed(variant.traced.cells, campaign.traced.cells)
            explained.extend(_explain(changed, asked, campaign_law, f"variant {name}"))
    cells = {
        path: cell for path, cell in tenant.traced.cells.items() if path[0] not in (LIMITS, LINKS)
    }
    computed = _explain(tenant.computed.cells, asked, _innermost, f"tenant {tenant.name}")
    return (*explained, *_explain(cells, asked, retailer_law, f"tenant {tenant.name}"), *computed)


def _innermost(path: Path) -> Law:
    """The law of computed fields."""
    return Law.MERGE


def default_of(campaign: ResolvedCampaign, field: str) -> Value:
    """What holds where no layer wrote: the schema's default, or None where there is none."""
    return value_at(
        campaign.effective.model_dump(by_alias=True, exclude_none=True), parse_pattern(field)
    )


def is_field(field: str) -> bool:
    """Whether a campaign or tenant can have such a field at all."""
    asked = parse_pattern(field)
    return any(covers(known[: len(asked)], asked) or covers(asked, known) for known in FIELDS)


def _of_campaign(campaign: ResolvedCampaign, asked: Pattern) -> Iterator[ExplainedValue]:
    """Fields that a channel can set for itself are explained for each channel."""
    cells = campaign.traced.cells
    of_all = {path: cell for path, cell in cells.items() if _concerns_all(path, campaign)}
    yield from _explain(of_all, asked, campaign_law, "campaign")
    for channel in campaign.rules:
        here = (CHANNELS, channel)
        own = {path[2:]: cell for path, cell in cells.items() if path[:2] == here}
        yield from _explain(own, asked, campaign_law, f"channel {channel}")


def _concerns_all(path: Path, campaign: ResolvedCampaign) -> bool:
    if path[:2] == (LIMITS, "quiet_hours"):
        return path[2] in campaign.rules
    return path[0] not in (CHANNELS, *BY_CHANNEL)


def _changed(cells: Cells, base: Cells) -> dict[Path, Cell]:
    return {
        path: cell
        for path, cell in cells.items()
        if path[0] != CHANNELS and (path not in base or base[path].history != cell.history)
    }


def _explain(cells: Cells, asked: Pattern, law_of: LawOf, of: str) -> Iterator[ExplainedValue]:
    for path, cell in sorted(cells.items(), key=lambda item: tuple(map(str, item[0]))):
        if covers(asked, path):
            yield _explained(path, (), cell, law_of(path), of)
        elif covers(tuple(map(str, path)), asked):
            rest: Path = tuple(int(step) if step.isdigit() else step for step in asked[len(path) :])
            if value_at(cell.value, rest) is not None:
                yield _explained(path, rest, cell, law_of(path), of)


def _explained(path: Path, rest: Path, cell: Cell, law: Law, of: str) -> ExplainedValue:
    writings = [writing for write in cell.history for writing in _writings(write, rest, cell, law)]
    return ExplainedValue(
        field=dotted((*path, *rest)),
        of=of,
        value=value_at(cell.value, rest),
        law=law.value,
        writings=tuple(writings),
    )


def _writings(write: Write, rest: Path, cell: Cell, law: Law) -> Iterator[Writing]:
    """The layer's own word and, where parameters gave it, theirs."""
    if write.value is None:
        yield _writing(write.origin, None, "removes it")
        return
    value = value_at(write.value, rest)
    if value is None:
        return
    effect = effect_of(write, cell, law)
    origins = write.origins_below(rest)
    for index, origin in enumerate(origins):
        last = index == len(origins) - 1
        yield _writing(origin, origin.value, effect if last else "takes the parameter")


def effect_of(write: Write, cell: Cell, law: Law) -> str:
    """What became of one layer's word."""
    if write.value is None:
        return "removes it"
    decides, other = EFFECTS[law]
    return decides if _decides(write, cell) else other


def _decides(write: Write, cell: Cell) -> bool:
    """Whether the cell's value comes from this write, wholly or for an item of it."""
    return any(
        decider.origin == write.origin or decider.origin.above(1) == write.origin
        for decider in cell.deciding
    )


def _writing(origin: Origin, value: Value, effect: str) -> Writing:
    return Writing(str(origin.layer), origin.range, value, effect)
