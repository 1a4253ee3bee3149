"""The demo's report: one self-contained page with the numbers and every message beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from handbill.cli.counts import how_many
from handbill.cli.demo.gallery import Sample
from handbill.cli.demo.scenario import DemoResult
from handbill_runtime.summary import ChannelSummary, TenantSummary, summarize

_STYLE = """
:root{--ink:#1d2733;--soft:#5c6b7a;--line:#dde3ea;--back:#f6f8fa;--leaf:#0b6b3a}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1180px;margin:0 auto;padding:32px 20px 80px}h1{font-size:30px;margin:0 0 4px}
h2{font-size:21px;margin:44px 0 12px}p.lead{color:var(--soft);margin:0 0 24px}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px}
.fact{background:#fff;border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.fact b{display:block;font-size:25px;line-height:1.2}.fact span{color:var(--soft);font-size:14px}
.wide{overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:12px}
table{border-collapse:collapse;width:100%;font-size:14px}th,td{padding:9px 12px;text-align:left;
border-bottom:1px solid var(--line);vertical-align:top}td.n,th.n{text-align:right;
font-variant-numeric:tabular-nums}tr:last-child td{border-bottom:0}small{color:var(--soft)}
.shots{--wide:368px;--scale:.5576;display:grid;grid-template-columns:repeat(auto-fill,var(--wide));gap:18px}
@media(max-width:407px){.shots{--wide:320px;--scale:.4849}}
figure{margin:0;background:#fff;border:1px solid var(--line);border-radius:12px;overflow:hidden}
figcaption{padding:10px 14px;font-size:14px;border-top:1px solid var(--line)}
figcaption a{color:var(--leaf)}.frame{height:420px;overflow:hidden;position:relative}
.frame iframe{border:0;width:660px;height:870px;transform:scale(var(--scale));transform-origin:0 0}
.frame.phone{height:220px}.frame.phone iframe{width:100%;height:220px;transform:none}
"""


def write_report(result: DemoResult, samples: Sequence[Sample]) -> Path:
    """Writes `report.html` beside the messages; returns its path."""
    path = result.folder / "report.html"
    path.write_text(report_page(result, samples), encoding="utf-8")
    return path


def report_page(result: DemoResult, samples: Sequence[Sample]) -> str:
    summary = summarize(result.reports.values())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Handbill: a week of eight grocers</title><style>{_STYLE}</style><main>"
        "<h1>A week of eight grocers</h1>"
        '<p class="lead">What <code>handbill demo</code> just did: campaigns in git became a signed '
        "release, a runtime picked customers, wrote each one’s message and delivered it.</p>"
        f"{_facts(result)}<h2>Who got what, and who did not</h2>{_table(result, summary)}"
        "<p><small>Customers, counted once for each campaign that looked at them. Not included: the "
        "campaign’s audience does not hold them. Quarantined: rows of the retailer’s data that lack "
        "a value which every row must have.</small></p>"
        f"{_gallery(result, samples)}</main></html>"
    )


def _facts(result: DemoResult) -> str:
    facts = [
        (
            f"{sum(result.customers.values()):,}",
            f"households at {how_many(len(result.customers), 'retailer')}",
        ),
        (str(result.plans), "plans in the signed release"),
    ]
    if result.reconciliation is not None:
        check = result.reconciliation
        facts.append((f"{check.accepted:,}", "messages accepted by the receivers"))
        facts.append((f"{check.lost} · {check.twice}", "lost · delivered twice"))
    if result.reload is not None:
        facts.append(
            (f"{result.reload.active * 1000:.0f} ms", "from git commit to active in the runtime")
        )
    boxes = (f'<div class="fact"><b>{b}</b><span>{escape(text)}</span></div>' for b, text in facts)
    return f'<div class="facts">{"".join(boxes)}</div>'


def _table(result: DemoResult, summary: Mapping[str, TenantSummary]) -> str:
    rows = "".join(
        _tenant_rows(result.tenants.get(name, name), each) for name, each in summary.items()
    )
    return (
        '<div class="wide"><table><tr><th>Retailer</th><th class="n">Selected</th>'
        '<th>Left out, and why</th><th class="n">Not included</th><th class="n">Quarantined</th>'
        '<th>Channel</th><th class="n">Accepted</th>'
        f'<th class="n">Failed</th><th>Not sent, and why</th></tr>{rows}</table></div>'
    )


def _tenant_rows(name: str, tenant: TenantSummary) -> str:
    """One row a channel, behind what holds for all of them; a tenant that sent nothing has one."""
    apart = {**tenant.excluded, **tenant.held_out, **tenant.suppressed}
    channels = [_channel_cells(*each) for each in sorted(tenant.channels.items())]
    channels = channels or ["<td></td>" * 4]
    span = f'rowspan="{len(channels)}"'
    lead = (
        f"<td {span}><b>{escape(name)}</b><br><small>{how_many(len(tenant.campaigns), 'campaign')}"
        "</small></td>"
        f'<td class="n" {span}>{tenant.selected}</td>'
        f"<td {span}><small>{escape(_reasons(apart))}</small></td>"
        f'<td class="n" {span}>{tenant.not_included}</td>'
        f'<td class="n" {span}>{sum(tenant.quarantined.values())}'
        f"<br><small>{escape(_reasons(tenant.quarantined))}</small></td>"
    )
    return "".join(
        f"<tr>{lead if place == 0 else ''}{cells}</tr>" for place, cells in enumerate(channels)
    )


def _channel_cells(name: str, channel: ChannelSummary) -> str:
    return (
        f'<td>{escape(name)}</td><td class="n">{channel.accepted}</td>'
        f'<td class="n">{sum(channel.failed.values())}</td>'
        f"<td><small>{escape(_reasons(channel.suppressed))}</small></td>"
    )


def _reasons(reasons: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))


def _gallery(result: DemoResult, samples: Sequence[Sample]) -> str:
    sections = []
    for tenant in sorted({sample.tenant for sample in samples}):
        shots = "".join(_shot(sample) for sample in samples if sample.tenant == tenant)
        name = escape(result.tenants.get(tenant, tenant))
        sections.append(f'<h2>{name}</h2><div class="shots">{shots}</div>')
    return "".join(sections)


def _shot(sample: Sample) -> str:
    page = f"messages/{escape(sample.file)}"
    kind = "" if sample.channel == "email" else " phone"
    variant = "" if sample.variant == "only" else f", variant {sample.variant}"
    return (
        f'<figure><div class="frame{kind}"><iframe src="{page}" loading="lazy" scrolling="no" sandbox '
        f'title="{escape(sample.received.summary)}"></iframe></div><figcaption>'
        f'<a href="{page}"><b>{escape(sample.received.summary)}</b></a><br>'
        f"<small>{escape(sample.campaign)} · {escape(sample.channel)} · {escape(sample.locale)}"
        f"{escape(variant)} · {sample.count} sent</small></figcaption></figure>"
    )
