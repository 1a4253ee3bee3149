"""What a line reaches, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from handbill.cli.counts import how_many

if TYPE_CHECKING:
    from handbill.cli.why_line import LineReport
    from handbill.resolve.reach import Reached
    from handbill.source.git_blame import Written

VERSION = 1
"""Of the JSON about a line."""
WIDTH = 100


def line_as_text(report: LineReport, commit: str) -> str:
    """The line, who wrote it, and its campaigns by what it does for them."""
    what = f"  {', '.join(report.what)}" if report.what else ""
    head = f"{report.file}:{report.line}{what}  {commit}".rstrip()
    if report.note:
        return f"{head}\n  {report.note}"
    if not report.reached:
        return f"{head}\n  reaches no campaign"
    lines = [head, f"  reaches {_counted(report.reached)}"]
    for names, keys in _by_campaigns(report.reached).items():
        lines += [f"  {key}" for key in keys]
        lines += textwrap.wrap(
            ", ".join(names), WIDTH, initial_indent="    ", subsequent_indent="    ",
            break_on_hyphens=False, break_long_words=False,
        )  # fmt: skip
    return "\n".join(lines)


def _counted(reached: Sequence[Reached]) -> str:
    campaigns = {(each.tenant, each.campaign) for each in reached if each.campaign is not None}
    tenants = how_many(len({each.tenant for each in reached}), "tenant")
    if not campaigns:
        return f"no campaign, only what {tenants} may use"
    return f"{how_many(len(campaigns), 'campaign')} of {tenants}"


def _by_campaigns(reached: Sequence[Reached]) -> dict[tuple[str, ...], list[str]]:
    """Campaigns → what the line does for all of them."""
    found: dict[str, dict[str, None]] = {}
    for each in reached:
        whose = "" if each.of in ("campaign", "tenant") else f" ({each.of})"
        key = f"{each.field}{whose}, {each.layer}: {each.effect}"
        name = each.tenant if each.campaign is None else f"{each.tenant}/{each.campaign}"
        found.setdefault(key, {})[name] = None
    turned: dict[tuple[str, ...], list[str]] = {}
    for key, names in found.items():
        turned.setdefault(tuple(names), []).append(key)
    return turned


def line_as_json(report: LineReport, written: Written | None) -> Mapping[str, object]:
    return {
        "version": VERSION,
        "file": report.file,
        "line": report.line,
        "what": list(report.what),
        "written": commit_as_json(written),
        "note": report.note or None,
        "reached": [
            {
                "tenant": each.tenant,
                "campaign": each.campaign,
                "field": each.field,
                "of": each.of,
                "layer": each.layer,
                "effect": each.effect,
            }
            for each in report.reached
        ],
    }


def commit_as_json(written: Written | None) -> Mapping[str, str] | None:
    """None for a line that is not committed, or where there is no git."""
    if written is None:
        return None
    return {
        "commit": written.commit,
        "author": written.author,
        "day": written.day.isoformat(),
        "summary": written.summary,
    }
