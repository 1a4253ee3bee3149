"""What `handbill preview` prints: who gets what, in a line each; one message alone in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from handbill.assertions.visible_text import visible_text
from handbill.cli.rehearsal.shown import Shown
from handbill.diagnostics.render_text import safe
from handbill.diff.model import Rendering

LINE = 78
"""Characters of a message that stand in a line."""
FULL = 2
"""Up to so many messages are printed in full."""


def preview_text(shown: Shown, at: datetime) -> str:
    """Ends in a newline. Nothing of the configuration or of data is printed that is not printable."""
    plan = shown.plan
    lines = [
        f"{safe(plan.tenant)}/{safe(plan.campaign)} ({shown.status}), as of {at:%Y-%m-%d %H:%M} UTC"
    ]
    for channel in shown.names("channel"):
        mine = [each for each in shown.renderings if each.channel == channel]
        for place in dict.fromkeys((each.variant, each.locale) for each in mine):
            here = [each for each in mine if (each.variant, each.locale) == place]
            lines += ["", _heading(channel, *place), *_messages(here, shown)]
    if not shown.renderings:
        lines += ["", "nobody to show it to: write personas/NAME.yaml, or say --customers"]
    if shown.left_out:
        lines += ["", f"{shown.left_out} more are not shown; say --persona, --variant or --locale"]
    return "\n".join(lines) + "\n"


def _heading(channel: str, variant: str, locale: str) -> str:
    which = "" if variant == "only" else f", variant {safe(variant)}"
    return f"{safe(channel)}, {safe(locale)}{which}"


def _messages(here: Sequence[Rendering], shown: Shown) -> Iterator[str]:
    if len(shown.renderings) <= FULL:
        for rendering in here:
            yield from _in_full(rendering)
        return
    wide = max(len(safe(each.persona)) for each in here)
    for each in here:
        yield f"  {safe(each.persona):<{wide}}  {_line(each)}".rstrip()


def _line(rendering: Rendering) -> str:
    if "would not be " in rendering.note or not rendering.parts:
        return f"– {safe(rendering.note)}"
    parts = rendering.parts
    told = [parts[name] for name in ("subject", "title", "preheader", "body") if parts.get(name)]
    words = safe(" · ".join(" ".join(each.split()) for each in told))
    line = words if len(words) <= LINE else f"{words[: LINE - 1]}…"
    segments = f" [{rendering.segments} SMS]" if rendering.segments is not None else ""
    note = f"  ({safe(rendering.note)})" if rendering.note else ""
    return f"{line}{segments}{note}"


def _in_full(rendering: Rendering) -> Iterator[str]:
    yield f"  to {safe(rendering.persona)}" + (
        f" ({safe(rendering.note)})" if rendering.note else ""
    )
    parts = rendering.parts
    for name, text in sorted(parts.items(), key=lambda part: _reading_order(part[0])):
        if name == "text" and "html" in parts:
            continue
        said = visible_text(text) if name == "html" else text
        first, *others = [safe(line) for line in said.split("\n")] or [""]
        yield f"  {safe(name)}: {first}".rstrip()
        yield from (f"    {line}".rstrip() for line in others)
    if rendering.segments is not None:
        yield f"  {rendering.segments} SMS"


def _reading_order(part: str) -> int:
    order = ("subject", "preheader", "title", "body", "html")
    return order.index(part) if part in order else len(order)
