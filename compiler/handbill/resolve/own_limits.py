"""What a campaign's limits are but for the platform's part in them, so that a changed default of the
platform can be laid under campaigns without resolving them again.

Caps and quiet hours only tighten: the effective ones are the same whatever the order in which layers
are added, so the platform's can be added last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handbill.resolve.defaults import CAP, QUIET, platform_limits
from handbill.resolve.fields import campaign_law
from handbill.resolve.layers import Layer, Origin, Write
from handbill.resolve.merge import Cells, items_of
from handbill.resolve.model import OwnLimits
from handbill.resolve.retailer import Source
from handbill.resolve.tightening import distinct_windows, not_comparable, strictest_rates
from handbill.source.located import LocatedDocument


@dataclass(frozen=True, slots=True)
class PlatformLimits:
    """What handbill.yaml says: caps, quiet hours by channel, and those of categories."""

    source: Source

    @property
    def fit(self) -> bool:
        """Whether all of it can be compared, as a law needs it."""
        return all(
            not_comparable(campaign_law(write.path), items_of(write)) is None
            for category in (None, *self._categories)
            for write in self._writes(category)
        )

    def with_own(self, own: OwnLimits) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
        """The effective caps, and the quiet hours of the channels of `own`."""
        writes = self._writes(own.category)
        top = self.source.origin()

        def together(path: tuple[str, ...], texts: Iterable[str]) -> list[Write]:
            of_platform = [
                item for write in writes if write.path == path for item in items_of(write)
            ]
            return [*of_platform, *(Write(path, text, top) for text in texts)]

        caps = _texts(strictest_rates(together(CAP, own.caps)))
        quiet = {
            channel: _texts(distinct_windows(together((*QUIET, channel), texts)))
            for channel, texts in own.quiet_hours.items()
        }
        return caps, quiet

    @property
    def _categories(self) -> tuple[str, ...]:
        value = self.source.document.value
        found = value.get("categories") if isinstance(value, dict) else None
        return tuple(found) if isinstance(found, dict) else ()

    def _writes(self, category: str | None) -> list[Write]:
        found = platform_limits(self.source, category)
        return [write for write in found if write.value is not None]


def limits_of_platform(document: LocatedDocument) -> PlatformLimits:
    return PlatformLimits(Source(Layer.PLATFORM, "", document))


def own_limits(
    category: str | None, capped: Cells, quieted: Cells, channels: Iterable[str]
) -> OwnLimits:
    """From the cells that the effective caps, and those that the quiet hours are taken from."""
    return OwnLimits(
        category,
        _written(capped, CAP),
        {channel: _written(quieted, (*QUIET, channel)) for channel in channels},
    )


def removes_limits(writes: Iterable[Write]) -> bool:
    """Whether a layer takes limits away: what becomes of that depends on those that there are."""
    return any(write.value is None and write.path[0] == CAP[0] for write in writes)


def _written(cells: Cells, path: tuple[str, ...]) -> tuple[str, ...]:
    cell = cells.get(path)
    return tuple(
        str(item.value)
        for write in (cell.history if cell else ())
        if not _is_platform(write.origin)
        for item in items_of(write)
    )


def _is_platform(origin: Origin) -> bool:
    return origin.layer is Layer.PLATFORM


def _texts(writes: Iterable[Write]) -> tuple[str, ...]:
    return tuple(str(write.value) for write in writes)
