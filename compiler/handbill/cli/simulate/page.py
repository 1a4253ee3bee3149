"""A simulation as a calendar page: one self-contained file, with no script and nothing fetched.

A month of squares per retailer, a line for each campaign in the hour in which it leaves. Every text is
escaped; names and reasons are all that it shows, and no customer.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from handbill.cli.counts import how_many
from handbill.cli.simulate.model import CampaignOutcome, Finding, Send, Simulation

CHANNELS = ("email", "push", "sms")
"""Channels with a colour of their own; every other has the fourth."""
TITLES = {
    "trouble": "Could not run",
    "never_reaches": "Reaches nobody",
    "starves": "Starved by caps",
    "expires": "Expires unsent",
    "overlaps": "Same customers, same day",
    "over": "Over",
    "not_due": "Not due",
}
URGENT = {"trouble", "never_reaches", "starves", "expires"}
_CSP = "default-src 'none'; style-src 'unsafe-inline'"


def render_page(simulation: Simulation) -> str:
    """The whole page as HTML."""
    total = sum(send.messages for send in simulation.sends)
    retailers = len({send.tenant for send in simulation.sends})
    tenants = [name for name in simulation.zones if _has_part(simulation, name)]
    body = "".join(_tenant(simulation, tenant) for tenant in tenants)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(_period(simulation))}</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>{how_many(total, 'message')} of {how_many(retailers, 'retailer')}</h1>"
        f"<p>{escape(_period(simulation))}. Nothing was sent: audiences were asked of real customers, "
        "on a virtual clock, from an empty ledger.</p>"
        f"<p class=digest>{escape(simulation.label)} · <code>{escape(simulation.digest[:19])}</code></p>"
        f"{_legend(simulation)}</header><main>{body}</main></body></html>\n"
    )


def _period(simulation: Simulation) -> str:
    begin, end = (_instant(text) for text in (simulation.begin, simulation.end))
    return f"{begin:%-d %B %Y} to {end:%-d %B %Y}"


def _instant(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%MZ")


def _has_part(simulation: Simulation, tenant: str) -> bool:
    having = {each.tenant for each in simulation.campaigns}
    return tenant in having | {each.tenant for each in simulation.findings}


def _legend(simulation: Simulation) -> str:
    channels = sorted({send.channel for send in simulation.sends})
    dots = "".join(f'<span class="{_class(name)}">{escape(name)}</span>' for name in channels)
    return f'<p class="legend">{dots}</p>'


def _class(channel: str) -> str:
    return f"channel {channel if channel in CHANNELS else 'other'}"


# ── one retailer ─────────────────────────────────────────────────────────────────────────────────


def _tenant(simulation: Simulation, tenant: str) -> str:
    sends = [send for send in simulation.sends if send.tenant == tenant]
    findings = [each for each in simulation.findings if each.tenant == tenant]
    campaigns = [each for each in simulation.campaigns if each.tenant == tenant]
    total = sum(send.messages for send in sends)
    return (
        f"<section><h2>{escape(tenant)} <small>{how_many(total, 'message')} · "
        f"{escape(simulation.zones[tenant])}</small></h2>"
        f"{_findings(findings)}{_calendar(sends, simulation)}{_campaigns(campaigns)}"
        f"{_quarantined(simulation.quarantined.get(tenant, {}))}</section>"
    )


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    ordered = sorted(findings, key=lambda each: each.kind not in URGENT)
    items = "".join(
        f'<li class="{"urgent" if each.kind in URGENT else "quiet"}"><b>{TITLES[each.kind]}</b> '
        f"{escape(' and '.join(each.campaigns))}{': ' if each.campaigns else ''}{escape(each.says)}</li>"
        for each in ordered
    )
    return f'<ul class="findings">{items}</ul>'


def _calendar(sends: Sequence[Send], simulation: Simulation) -> str:
    """Whole weeks from Monday, as far as the period goes."""
    if not sends:
        return '<p class="none">Nothing is sent in this period.</p>'
    by_day: dict[datetime.date, list[Send]] = {}
    for send in sends:
        by_day.setdefault(datetime.date.fromisoformat(send.hour[:10]), []).append(send)
    first = min([*by_day, _instant(simulation.begin).date()])
    last = max([*by_day, (_instant(simulation.end) - datetime.timedelta(minutes=1)).date()])
    most = max(sum(send.messages for send in day) for day in by_day.values())
    head = "".join(f"<div class=weekday>{name}</div>" for name in _WEEKDAYS)
    days = "".join(
        _day(day, by_day.get(day, []), most, inside=first <= day <= last)
        for day in _whole_weeks(first, last)
    )
    return f'<div class="calendar">{head}{days}</div>'


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _whole_weeks(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    day = first - datetime.timedelta(days=first.weekday())
    end = last + datetime.timedelta(days=6 - last.weekday())
    while day <= end:
        yield day
        day += datetime.timedelta(days=1)


def _day(day: datetime.date, sends: Sequence[Send], most: int, *, inside: bool) -> str:
    total = sum(send.messages for send in sends)
    heat = -(-4 * total // most) if most else 0
    classes = f"day heat{heat}" + ("" if inside else " outside") + ("" if sends else " empty")
    label = f"{day.day}" if day.day > 1 else f"{day:%-d %b}"
    count = f'<span class="total">{total:,}</span>' if total else ""
    return (
        f'<div class="{classes}"><div class="date"><span><span class="narrow">{day:%a} </span>{label}</span>{count}'
        f"</div>{''.join(_sends_of(sends))}</div>"
    )


def _sends_of(sends: Sequence[Send]) -> Iterator[str]:
    """A line per hour and campaign, its channels as coloured numbers."""
    lines: dict[tuple[str, str], Counter[str]] = {}
    for send in sends:
        lines.setdefault((send.hour, send.campaign), Counter())[send.channel] += send.messages
    for (hour, campaign), channels in sorted(lines.items()):
        numbers = "".join(
            f'<span class="{_class(name)}" title="{escape(name)}">{count:,}</span>'
            for name, count in sorted(channels.items())
        )
        yield (
            f'<div class="send"><time>{hour[11:]}:00</time> <span class="name">{escape(campaign)}'
            f"</span>{numbers}</div>"
        )


# ── its campaigns ────────────────────────────────────────────────────────────────────────────────


def _campaigns(campaigns: Sequence[CampaignOutcome]) -> str:
    if not campaigns:
        return ""
    rows = "".join(_row(campaign) for campaign in campaigns)
    return (
        "<details><summary>Who is left out, and why</summary><div class=scroll><table><thead><tr>"
        "<th>Campaign</th><th>Times</th><th>Customers</th><th>Selected</th><th>Left out</th>"
        f"<th>Messages</th></tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _row(campaign: CampaignOutcome) -> str:
    messages = "<br>".join(
        f'<span class="{_class(name)}">{each.sent:,}</span> of {each.planned:,}'
        + (f", {each.waiting:,} waiting" if each.waiting else "")
        + _reasons(each.suppressed)
        for name, each in campaign.channels.items()
    )
    return (
        f"<tr><th>{escape(campaign.campaign)}</th><td>{len(campaign.occurrences)}</td>"
        f"<td>{campaign.considered:,}</td><td>{campaign.selected:,}</td>"
        f"<td>{_reasons(campaign.left_out).strip()}</td><td>{messages}</td></tr>"
    )


def _quarantined(reasons: Mapping[str, int]) -> str:
    if not reasons:
        return ""
    rows = how_many(sum(reasons.values()), "row")
    return f'<p class="none">{rows} of its customers cannot be used:{_reasons(reasons)}</p>'


def _reasons(reasons: Mapping[str, int]) -> str:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{escape(reason)} {count:,}" for reason, count in ordered)
    return f' <span class="reasons">{shown}</span>' if shown else ""


_STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#22201c;--soft:#6d675d;--line:#e3ded3;
--email:#2c5f8a;--push:#8a4b2c;--sms:#3d7a4a;--other:#6b4f8a;--hot:194,120,40;--urgent:#a8321e}
@media(prefers-color-scheme:dark){:root{--paper:#171613;--card:#201f1b;--ink:#ece8df;--soft:#a39c8f;
--line:#38352e;--email:#7fb2de;--push:#e0a37f;--sms:#8ccb9a;--other:#bb9fdd;--urgent:#f0937f}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main{max-width:1180px;margin:0 auto;padding:0 20px}header{padding-top:32px}
h1{font-size:30px;letter-spacing:-.02em;margin:0 0 6px}header p{margin:0 0 6px;color:var(--soft)}
.digest{font-size:13px}section{margin:36px 0}h2{font-size:21px;margin:0 0 10px}
h2 small{font-weight:400;color:var(--soft);font-size:14px}
.legend{display:flex;gap:14px;flex-wrap:wrap}
.channel{font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.channel::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;
background:currentColor;margin-right:4px}
.email{color:var(--email)}.push{color:var(--push)}.sms{color:var(--sms)}.other{color:var(--other)}
.calendar{display:grid;grid-template-columns:repeat(7,minmax(0,1fr));gap:6px}
.weekday{color:var(--soft);font-size:13px;padding-left:4px}
.day{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 8px;min-height:84px}
.heat1{background:linear-gradient(rgba(var(--hot),.05),rgba(var(--hot),.05)),var(--card)}
.heat2{background:linear-gradient(rgba(var(--hot),.11),rgba(var(--hot),.11)),var(--card)}
.heat3{background:linear-gradient(rgba(var(--hot),.17),rgba(var(--hot),.17)),var(--card)}
.heat4{background:linear-gradient(rgba(var(--hot),.24),rgba(var(--hot),.24)),var(--card)}
.outside{opacity:.35}.date{display:flex;justify-content:space-between;color:var(--soft);font-size:13px}
.total{font-weight:600;color:var(--ink)}.narrow{display:none}
.send{font-size:12.5px;line-height:1.35;margin-top:6px;overflow-wrap:anywhere}
.send time{color:var(--soft);font-variant-numeric:tabular-nums}.send .name{margin-right:6px}
.send .channel{margin-right:6px}
.findings{list-style:none;margin:0 0 14px;padding:0}.findings li{padding:5px 10px;border-left:3px solid var(--line);
margin:3px 0;background:var(--card)}.findings .urgent{border-color:var(--urgent)}
.findings .urgent b{color:var(--urgent)}.none{color:var(--soft)}
details{margin-top:12px}summary{cursor:pointer;color:var(--soft)}.scroll{overflow-x:auto}
table{border-collapse:collapse;margin-top:8px;font-size:13.5px;min-width:720px;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:500}td{font-variant-numeric:tabular-nums}.reasons{color:var(--soft)}
@media(max-width:760px){.calendar{grid-template-columns:1fr}.weekday{display:none}.day.empty{display:none}
.day{min-height:0}.narrow{display:inline}}
@media print{.day{break-inside:avoid}section{break-before:auto}}
"""
