"""Everything of a plan that is a value: before and after, by what it is about.

Each table below gives a plan's values as fields of the configuration and their written forms; a change
is a field whose text differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from handbill.diff import written
from handbill.diff.expression_text import expression_text
from handbill.diff.model import FieldChange, SettingsChange
from handbill.diff.type_words import type_words
from handbill.plan.model import OfferChoice, Plan

About: TypeAlias = Literal[
    "experiment", "offer", "limits", "delivery", "lifecycle", "category", "data"
]
Fields: TypeAlias = Mapping[str, str]
ONLY = "only"
"""The one variant of a campaign without an experiment."""


def settings_changes(before: Plan | None, after: Plan | None) -> Iterator[SettingsChange]:
    """What differs, by what it is about; a side that is None has nothing."""
    with_data = before is None or after is None or before.fields != after.fields
    one, other = _all_fields(before, with_data), _all_fields(after, with_data)
    for about in _ABOUT:
        fields = changed_fields(one.get(about, {}), other.get(about, {}))
        if fields:
            yield SettingsChange(about=about, fields=fields)


def changed_fields(before: Fields, after: Fields) -> tuple[FieldChange, ...]:
    """The fields whose texts differ, in the order in which they stand after and then before."""
    names = dict.fromkeys((*after, *before))
    return tuple(
        FieldChange(field=name, before=before.get(name, ""), after=after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )


_ABOUT: tuple[About, ...] = (
    "lifecycle",
    "category",
    "offer",
    "experiment",
    "limits",
    "delivery",
    "data",
)


def _all_fields(plan: Plan | None, with_data: bool) -> Mapping[About, Fields]:
    if plan is None:
        return {}
    return {
        "lifecycle": {},
        "category": _category(plan),
        "offer": _offers(plan),
        "experiment": _experiment(plan),
        "limits": _limits(plan),
        "delivery": _delivery(plan),
        "data": _data(plan) if with_data else {},
    }


def _category(plan: Plan) -> Fields:
    category = plan.category
    return {
        "category": category.name,
        "categories.class": category.kind,
        "categories.consent": category.consent,
        "categories.sms_consent": category.sms_consent,
    }


# ── offers and experiments ───────────────────────────────────────────────────────────────────────


def _offers(plan: Plan) -> Fields:
    texts = {variant.name: _choices(variant.offers) for variant in plan.variants}
    if not texts:
        return {}
    if len(set(texts.values())) == 1:
        return {"offer": next(iter(texts.values()))}
    return {f"experiment.variants.{name}.offer": text for name, text in texts.items()}


def _choices(choices: tuple[OfferChoice, ...]) -> str:
    """`big when customer.points > 500, else small`."""
    return ", else ".join(map(_choice, choices))


def _choice(choice: OfferChoice) -> str:
    when = f" when {expression_text(choice.when)}" if choice.when is not None else ""
    until = f" (until {choice.not_after})" if choice.not_after is not None else ""
    return f"{choice.offer}{when}{until}"


def _experiment(plan: Plan) -> Fields:
    """Its name counts even where its variants are the same on both sides, and so not here."""
    names = [variant.name for variant in plan.variants]
    name = plan.salt.rpartition("/")[2]
    if not names or names == [ONLY]:
        return {} if name == plan.identity else {"experiment.name": name}
    total = sum(variant.weight for variant in plan.variants)
    weights = {
        f"experiment.variants.{variant.name}.weight": _weight(variant.weight, total)
        for variant in plan.variants
    }
    return {"experiment.name": name, **weights}


def _weight(weight: int, total: int) -> str:
    return f"{weight} of {total}"


# ── limits and delivery ──────────────────────────────────────────────────────────────────────────


def _limits(plan: Plan) -> Fields:
    fields = {
        "limits.per_customer": written.rates(plan.caps),
        "reentry": written.reentry(plan.reentry),
        "holdout": _share(plan.holdout.campaign),
        "holdout of all campaigns": _share(plan.holdout.across),
        "priority": str(plan.priority),
    }
    for channel, sender in sorted(plan.senders.items()):
        quiet = written.windows(sender.quiet_hours)
        fields[f"limits.quiet_hours.{channel}"] = quiet
        fields[f"limits.per_customer of {channel}"] = written.rates(sender.caps)
    return fields


def _share(parts: int) -> str:
    return written.share(parts) if parts else ""


def _delivery(plan: Plan) -> Fields:
    several = len(plan.senders) > 1
    fields = {
        "deliver.mode": plan.deliver.mode if several else "",
        "deliver.order": ", ".join(plan.deliver.order),
        "locales": ", ".join(plan.locales),
    }
    for channel, sender in sorted(plan.senders.items()):
        fields |= {
            f"window of {channel}": written.windows(sender.windows),
            f"expires of {channel}": written.duration(sender.expires_seconds),
            f"channels.{channel}.provider": ", ".join(sender.providers),
            f"channels.{channel}.from": sender.sender,
            f"channels.{channel}.workspace": sender.workspace,
        }
    for locale, given in sorted(plan.fallbacks.items()):
        fields[f"locale of customers who read {locale}"] = given
    return fields


# ── data ─────────────────────────────────────────────────────────────────────────────────────────


def _data(plan: Plan) -> Fields:
    """Customer fields that its rules and messages read, with what is declared of them."""
    return {f"customer.{'.'.join(need.path)}": type_words(need.type) for need in plan.fields}
