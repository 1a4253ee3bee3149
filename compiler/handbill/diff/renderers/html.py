"""A diff as one page to look at: what customers will get, side by side.

Everything is in the page: nothing is loaded and nothing runs, so it opens from a file, from a mail and
from an artifact alike. Every foreign value is escaped; the markup of mails is only in sandboxed frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handbill.diff.model import Entry, Forecast, ReleaseDiff, SharedChange, Side
from handbill.diff.renderers.html_aspects import fields, section
from handbill.diff.renderers.html_messages import Pictures
from handbill.diff.renderers.html_page import escaped, name, page, width_switch
from handbill.diff.renderers.html_style import COLORS, DIFF, MESSAGES, PAGE
from handbill.diff.renderers.text_summary import summary

SUBJECTS = 6
"""Campaigns of an entry that its heading names; the others are folded."""
MAX_ENTRIES = 300
"""Entries that a page shows; of the others it says how many there are."""
JUMP_FROM = 3
_KINDS = {
    "added": "New, not active",
    "removed": "Removed",
    "started": "Starts",
    "stopped": "Stops",
    "changed": "Changes",
}
_SHARED = {"tenant": "Retailer", "channel": "Channel", "table": "Table"}


def render_html(diff: ReleaseDiff, pictures: Pictures | None = None) -> str:
    """The whole page. `pictures` are those that the messages of either side show."""
    known = pictures or {}
    entries = diff.entries[:MAX_ENTRIES]
    main = "".join(
        [
            *_head(diff),
            _jump(entries),
            *(_entry(each, place, known) for place, each in enumerate(entries)),
            _left_out(len(diff.entries) - len(entries)),
            *map(_shared, diff.shared),
            _forecasts(diff.forecasts),
        ]
    )
    return page(summary(diff), (COLORS, PAGE, DIFF, MESSAGES), width_switch(), main)


def _head(diff: ReleaseDiff) -> Iterator[str]:
    headline, _, _ = summary(diff).partition(";")
    yield f"<h1>{escaped(headline[:1].upper() + headline[1:])}</h1>"
    yield f'<p class="lead">{_non_impact(diff)}</p>'
    yield (
        f'<p class="sides">{_side("Before", diff.base)}{_side("After", diff.head)}'
        f"<span>Times as of {escaped(diff.at)}</span></p>"
    )
    for side, word in ((diff.base, "before"), (diff.head, "after")):
        yield from _warnings(side, word)
    if diff.not_compared:
        names = ", ".join(map(name, diff.not_compared))
        yield f'<p class="warning">Not compared, because of errors: {names}</p>'


def _non_impact(diff: ReleaseDiff) -> str:
    plans = f"<b>{diff.changed:,} of {diff.plans:,}</b> plan{_s(diff.plans)}"
    same = f"<b>{diff.identical:,}</b> {'is' if diff.identical == 1 else 'are'} identical"
    changes = "changes" if diff.plans == 1 else "change"
    return f"{plans} {changes}; {same}, so nobody else gets anything else."


def _side(word: str, side: Side) -> str:
    commit = f" at <code>{escaped(side.commit[:12])}</code>" if side.commit else ""
    digest = f"<code>{escaped(side.digest)}</code>" if side.digest else "no release"
    return f"<span>{word}: <b>{name(side.label)}</b>{commit} · {digest}</span>"


def _warnings(side: Side, word: str) -> Iterator[str]:
    if side.digest is None:
        yield f'<p class="warning">Nothing could be compiled of what was {word}.</p>'
    if side.instead_of:
        yield (
            f'<p class="warning">The commit {word}, <code>{escaped(side.instead_of[:12])}</code>, does '
            f"not compile: this compares with <code>{escaped(side.commit[:12])}</code>, the last that "
            "does.</p>"
        )
    for held in side.held:
        yield (
            f'<p class="warning">{name(held.tenant)} has errors {word}: compared as it was at '
            f"<code>{escaped(held.commit[:12])}</code></p>"
        )
    failed = [each for each in side.failed if each not in {held.tenant for held in side.held}]
    if failed:
        names = ", ".join(map(name, failed))
        yield f'<p class="warning">With errors {word}: {names}</p>'


def _jump(entries: Sequence[Entry]) -> str:
    if len(entries) < JUMP_FROM:
        return ""
    links = "".join(
        f'<li><a href="#e{place}">{_title(each)} <small>{_who(each)}</small></a></li>'
        for place, each in enumerate(entries)
    )
    return f'<nav aria-label="Changes"><ul class="jump">{links}</ul></nav>'


def _left_out(count: int) -> str:
    if count <= 0:
        return ""
    return f'<p class="warning">{count:,} more changes are not on this page; `--output json` has them.</p>'


# ── one entry ────────────────────────────────────────────────────────────────────────────────────


def _entry(entry: Entry, place: int, pictures: Pictures) -> str:
    calm = "" if entry.marketing else '<span class="badge">not marketing</span>'
    sections = "".join(section(each, entry.kind, pictures) for each in entry.aspects)
    return (
        f'<article class="card" id="e{place}"><header>'
        f'<span class="badge {escaped(entry.kind)}">{_KINDS[entry.kind]}</span>'
        f"<h2>{_title(entry)}</h2>{calm}{_whose(entry)}</header>{_alike(entry)}{sections}</article>"
    )


def _title(entry: Entry) -> str:
    campaigns = list(dict.fromkeys(subject.campaign for subject in entry.subjects))
    more = len(campaigns) - 3
    shown = ", ".join(map(name, campaigns[:3]))
    return shown + (f" and {more} more" if more > 0 else "")


def _whose(entry: Entry) -> str:
    return f'<span class="soft">{_who(entry)}</span>'


def _who(entry: Entry) -> str:
    tenants = list(dict.fromkeys(subject.tenant for subject in entry.subjects))
    return name(tenants[0]) if len(tenants) == 1 else f"{len(tenants):,} retailers alike"


def _alike(entry: Entry) -> str:
    if len(entry.subjects) == 1:
        return ""
    names = [name(f"{each.tenant}/{each.campaign}") for each in entry.subjects]
    shown = ", ".join(names[:SUBJECTS])
    rest = names[SUBJECTS:]
    folded = (
        f"<details><summary>and {len(rest):,} more</summary>{', '.join(rest)}</details>"
        if rest
        else ""
    )
    return (
        f"<section><h3>Happens alike in {len(names):,} campaigns</h3><p>{shown}</p>{folded}"
        f"<p><small>Messages are shown as {names[0]} sends them.</small></p></section>"
    )


# ── what is no campaign's ────────────────────────────────────────────────────────────────────────


def _shared(change: SharedChange) -> str:
    names = ", ".join(map(name, change.names[:SUBJECTS]))
    more = len(change.names) - SUBJECTS
    tail = f" and {more:,} more" if more > 0 else ""
    return (
        f'<article class="card"><header><span class="badge changed">{_SHARED[change.what]}</span>'
        f"<h2>{names}{tail}</h2></header><section>{fields(change.fields)}</section></article>"
    )


def _forecasts(forecasts: Sequence[Forecast]) -> str:
    if not forecasts:
        return ""
    rows = "".join(
        f"<tr><th>{name(each.at)}<br><small>{name(each.zone)}</small></th>"
        f"<td><b>{name(f'{each.subject.tenant}/{each.subject.campaign}')}</b><br>"
        f"{name(each.says)}</td></tr>"
        for each in forecasts
    )
    return (
        '<article class="card"><header><span class="badge note">Later</span>'
        "<h2>Nothing of this changes today, but</h2></header>"
        f"<section><table>{rows}</table></section></article>"
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"
