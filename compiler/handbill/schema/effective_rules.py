"""Rules of a merged campaign that JSON Schema cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.schema.contracts import ChannelContract
from handbill.schema.explain import Places

DAYS = {
    "MON": "Monday", "TUE": "Tuesday", "WED": "Wednesday", "THU": "Thursday", "FRI": "Friday",
    "SAT": "Saturday", "SUN": "Sunday",
    "1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday",
    "6": "Saturday", "0": "Sunday", "7": "Sunday",
}  # fmt: skip


def check_effective_rules(
    campaign: Mapping[str, Any], places: Places, contracts: Mapping[str, ChannelContract]
) -> Iterator[Diagnostic]:
    """Findings; the shape of `campaign` may be wrong anywhere, which others report."""
    yield from _check_missing(campaign, places)
    yield from _check_reentry(campaign, places)
    yield from _check_dates(campaign, places)
    messages = campaign.get("messages")
    for name, channels in messages.items() if isinstance(messages, dict) else ():
        yield from _check_html(channels, ("messages", name), places, contracts)


MISSING = {
    "category": (
        "which category it is of: consent and caps follow from it",
        "category: promotions",
    ),
    "trigger": ("when it is sent", 'trigger: {at: 2026-12-05T10:00}, or {cron: "0 8 * * WED"}'),
    "audience": ("who gets it", "audience: everyone, or audience: customer.lifetime_orders >= 2"),
    "messages": ("what it says", 'message: {email: {subject: "…", template: hello.html}}'),
}


def _check_missing(campaign: Mapping[str, Any], places: Places) -> Iterator[Diagnostic]:
    whole = places.range_of(())
    head = SourceRange(whole.file, whole.line, whole.column, whole.line, whole.column + 1)
    for name, (what, hint) in MISSING.items():
        if not campaign.get(name):
            field = name.removesuffix("s") if name == "messages" else name
            message = f"this campaign has no `{field}`: say {what}"
            yield Diagnostic("HB302", message, head, hint=hint)


def _check_reentry(campaign: Mapping[str, Any], places: Places) -> Iterator[Diagnostic]:
    trigger = campaign.get("trigger")
    if not isinstance(trigger, dict) or "cron" not in trigger or campaign.get("reentry"):
        return
    yield Diagnostic(
        "HB340",
        "say whether customers may get this again: this trigger repeats",
        places.range_of(("trigger",)),
        notes=(f"otherwise the same customers get it {in_plain_words(str(trigger['cron']))}",),
        hint="reentry: never, or {after: 60 days}, or always",
    )


def in_plain_words(cron: str) -> str:
    """When a schedule comes round: `every Tuesday`, `every day`, or as its cron expression."""
    fields = cron.split()
    if len(fields) == 5 and fields[2:4] == ["*", "*"]:
        day = fields[4].upper()
        if day == "*":
            return "every day"
        names = [DAYS.get(part) for part in day.split(",")]
        if all(names):
            return "every " + " and ".join(str(name) for name in names)
    return f"whenever the schedule `{cron[:40]}` comes round"


def _check_dates(campaign: Mapping[str, Any], places: Places) -> Iterator[Diagnostic]:
    starts, ends = campaign.get("starts"), campaign.get("ends")
    if isinstance(starts, str) and isinstance(ends, str) and ends <= starts:
        message = f"this campaign ends ({ends}) before it starts ({starts})"
        yield Diagnostic("HB313", message, places.range_of(("ends",)), hint="mend one of the two")


def _check_html(
    channels: object,
    path: tuple[str, ...],
    places: Places,
    contracts: Mapping[str, ChannelContract],
) -> Iterator[Diagnostic]:
    for name, parts in channels.items() if isinstance(channels, dict) else ():
        contract = contracts.get(name)
        if contract is None or contract.html is None or not isinstance(parts, dict):
            continue
        place = (*path, name)
        if parts.get("template") and parts.get("body"):
            message = f"this {name} has a `template` and a `body`, from different layers"
            hint = "template: null, or body: null, takes one of them away"
            yield Diagnostic("HB315", message, places.key_range_of((*place, "body")), hint=hint)
        elif contract.parts[contract.html].required and not (
            parts.get("template") or parts.get("body")
        ):
            message = f"`{name}` needs `template` (a file below templates/) or `body`"
            where = places.key_range_of(place)
            yield Diagnostic("HB302", message, where, hint="template: NAME.html")
