"""What holds for a campaign without its author writing it: the limits of platform, group and tenant,
and each channel's own window, expiry and limits.

A category's quiet hours stand in for the platform's. What is for one channel only lies below
("channels", NAME) of the campaign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from handbill.resolve.fields import CHANNELS, campaign_law
from handbill.resolve.layers import Layer, Origin, Write, value_at
from handbill.resolve.merge import Cells
from handbill.resolve.model import ChannelRules, ResolvedChannel
from handbill.resolve.retailer import Retailer, Source
from handbill.resolve.writes import writes_at
from handbill.source.located import LocatedDocument, Path, Value

BY_CHANNEL = ("window", "expires")
"""Fields that a channel sets for itself and a campaign for all of its channels."""

DEFAULT_EXPIRES = "24 hours"
QUIET = ("limits", "quiet_hours")
CAP = ("limits", "per_customer")
_UTM = ("links", "utm")


def retailer_limits(retailer: Retailer, category: str | None) -> Iterator[Write]:
    """The limits of every campaign, lowest layer first."""
    for source in retailer.sources:
        if source.layer is Layer.PLATFORM:
            yield from platform_limits(source, category)
        else:
            yield from _limits(source, source.origin(*QUIET))


def platform_limits(platform: Source, category: str | None) -> Iterator[Write]:
    """The platform's part of them."""
    quiet = platform.origin(*QUIET)
    if category is not None:
        own = platform.origin("categories", category, "quiet_hours")
        quiet = own if own.value is not None else quiet
    yield from _limits(platform, quiet)


def _limits(source: Source, quiet: Origin) -> Iterator[Write]:
    yield from _writes(quiet, QUIET)
    yield from _writes(source.origin(*CAP), CAP)


def retailer_links(retailer: Retailer) -> Iterator[Write]:
    """The link tags of every campaign, lowest layer first."""
    for source in retailer.sources:
        yield from _writes(source.origin(*_UTM), _UTM)


def channel_defaults(
    channels: Iterable[ResolvedChannel], written: Iterable[Write]
) -> Iterator[Write]:
    """What each channel sets for itself, with what the campaign writes for all of them on top."""
    on_all = [write for write in written if write.path[0] in BY_CHANNEL]
    for channel in channels:
        source = Source(Layer.CHANNEL, f"channels/{channel.name}", channel.document)
        here: Path = (CHANNELS, channel.name)
        for name in BY_CHANNEL:
            yield from _writes(source.origin("defaults", name), (*here, name))
        yield from _writes(source.origin("defaults", *CAP), (*here, *CAP))
        quiet = source.origin("defaults", *QUIET, channel.name)
        yield from _writes(quiet, (*QUIET, channel.name))
        yield from (replace(write, path=(*here, *write.path)) for write in on_all)


def _writes(origin: Origin, target: Path) -> Iterator[Write]:
    if origin.path and _is_written(origin):
        yield from writes_at(origin, target, campaign_law)


def _is_written(origin: Origin) -> bool:
    """Whether the key is there, be it with a null."""
    above = value_at(origin.document.value, origin.path[:-1])
    return isinstance(above, dict) and origin.path[-1] in above


def rules_of(cells: Cells, channels: Iterable[str]) -> dict[str, ChannelRules]:
    """The merged rules of each channel."""
    return {name: _rules(cells, name) for name in channels}


def _rules(cells: Cells, channel: str) -> ChannelRules:
    def value(*path: str) -> Value:
        cell = cells.get(path)
        return cell.value if cell else None

    window, expires = (value(CHANNELS, channel, name) for name in BY_CHANNEL)
    return ChannelRules(
        window=None if window is None else str(window),
        expires=DEFAULT_EXPIRES if expires is None else str(expires),
        quiet_hours=_texts(value(*QUIET, channel)),
        caps=_texts(value(CHANNELS, channel, *CAP)),
    )


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def strays(channel: str, document: LocatedDocument) -> Iterator[Origin]:
    """Quiet hours that a channel's file sets for another channel."""
    quiet = Source(Layer.CHANNEL, f"channels/{channel}", document).origin("defaults", *QUIET)
    for other in quiet.value if isinstance(quiet.value, dict) else ():
        if other != channel:
            yield quiet.below((other,))
