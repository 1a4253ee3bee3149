"""The other way round: from a line of a file to every value that it has a say in.

Reads what the merge kept, like `why`: a writing reaches a field whether it decides it or is replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.resolve.fields import CHANNELS, LawOf, campaign_law, retailer_law
from handbill.resolve.layers import Origin, Write
from handbill.resolve.merge import Cell, Cells
from handbill.resolve.model import ONLY, ResolvedCampaign, ResolvedTenant
from handbill.resolve.patterns import dotted
from handbill.resolve.traced import Traced
from handbill.resolve.why import LIMITS, LINKS, effect_of
from handbill.schema.laws import Law
from handbill.source.located import LocatedDocument, Path


@dataclass(frozen=True, slots=True)
class Reached:
    """One field that a line reaches. `campaign` None: it is the retailer's own."""

    tenant: str
    campaign: str | None
    field: str
    of: str
    """Whose value: the campaign's, a variant's, an offer's, one channel's or the tenant's."""
    layer: str
    effect: str


def paths_on(document: LocatedDocument, line: int) -> tuple[Path, ...]:
    """The innermost values that stand on a line, counted from 1, or whose key does."""
    keys = {path for path, place in document.key_ranges.items() if place.line == line}
    values = {
        path
        for path in document.scalars
        if (place := document.ranges[path]).line <= line <= _last_line(place.end_line, place.end_column)
    }  # fmt: skip
    found = keys | values
    outer = {path[:length] for path in found for length in range(len(path))}
    return tuple(sorted(found - outer, key=lambda path: tuple(map(str, path))))


def _last_line(line: int, column: int) -> int:
    """A block of text ends where the next line begins."""
    return line - 1 if column == 1 else line


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document: its file and the paths of what stands there."""

    file: str
    paths: tuple[Path, ...]

    def holds(self, origin: Origin) -> bool:
        """Whether the writing, or a part of it, stands there."""
        if origin.file != self.file:
            return False
        here = origin.path
        return any(here[: len(path)] == path or path[: len(here)] == here for path in self.paths)


def reach_of(line: Line, tenants: Mapping[str, ResolvedTenant]) -> Iterator[Reached]:
    """Every field of every campaign and retailer that the line has a say in, sorted by name."""
    for _, tenant in sorted(tenants.items()):
        yield from _of_tenant(line, tenant)
        for _, campaign in sorted(tenant.campaigns.items()):
            yield from _of_campaign(line, tenant, campaign)


def _of_tenant(line: Line, tenant: ResolvedTenant) -> Iterator[Reached]:
    cells = {
        path: cell for path, cell in tenant.traced.cells.items() if path[0] not in (LIMITS, LINKS)
    }
    for cell_path, cell, write in _writes(line, cells):
        yield _reached(tenant.name, None, cell_path, cell, write, retailer_law, "tenant")
    for cell_path, cell, write in _writes(line, tenant.computed.cells):
        yield _reached(tenant.name, None, cell_path, cell, write, lambda _: Law.MERGE, "tenant")


def _of_campaign(
    line: Line, tenant: ResolvedTenant, campaign: ResolvedCampaign
) -> Iterator[Reached]:
    own = campaign.traced.cells
    name = campaign.name
    for path, cell, write in _writes(line, own):
        if path[:1] == (CHANNELS,) and path[1] not in campaign.rules:
            continue
        yield _reached(tenant.name, name, path, cell, write, campaign_law, "campaign")
    offers: dict[str, Traced] = {}
    for variant in campaign.variants.values():
        offers |= {each: offer.traced for each, offer in variant.offers.items()}
        if variant.name == ONLY:
            continue
        for path, cell, write in _writes(line, variant.traced.cells):
            if path not in own or own[path].history != cell.history:
                of = f"variant {variant.name}"
                yield _reached(tenant.name, name, path, cell, write, campaign_law, of)
    for offer, traced in sorted(offers.items()):
        for _, _, write in _writes(line, traced.cells):
            yield from _of_offer(line, write, tenant.name, name, offer)


def _of_offer(
    line: Line, write: Write, tenant: str, campaign: str, offer: str
) -> Iterator[Reached]:
    """The offer's own line, or one that gives a parameter of it."""
    whose = f"offer {offer}"
    if line.holds(write.origin):
        for path in line.paths:
            field = dotted(("offer", offer, *path))
            yield Reached(tenant, campaign, field, whose, "offer", "takes effect")
    for below, given in write.parameters.items():
        for origin in given:
            if line.holds(origin):
                effect = "takes effect" if origin == given[-1] else "replaced"
                field = dotted(("offer", offer, *below))
                yield Reached(tenant, campaign, field, whose, str(origin.layer), effect)


def _writes(line: Line, cells: Cells) -> Iterator[tuple[Path, Cell, Write]]:
    for path, cell in sorted(cells.items(), key=lambda item: tuple(map(str, item[0]))):
        for write in cell.history:
            if any(line.holds(origin) for origin in _places(write)):
                yield path, cell, write


def _places(write: Write) -> Iterator[Origin]:
    yield write.origin
    for given in write.parameters.values():
        yield from given


def _reached(
    tenant: str, campaign: str | None, path: Path, cell: Cell, write: Write, law_of: LawOf, of: str
) -> Reached:
    field = path[2:] if path[:1] == (CHANNELS,) and of == "campaign" else path
    whose = f"channel {path[1]}" if field != path else of
    effect = effect_of(write, cell, law_of(path))
    return Reached(tenant, campaign, dotted(field), whose, str(write.origin.layer), effect)
