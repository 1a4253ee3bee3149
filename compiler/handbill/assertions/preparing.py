"""What is wrong with a test as such, before it runs: names that are nobody's, values that cannot be.

Only tests of tenants that compiled can be looked at: the others' campaigns and fields are not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handbill.assertions.fixtures import Fixtures, read_fixtures
from handbill.assertions.judge import NONE, SMS, listed
from handbill.assertions.outcome import EXCLUDE, REASONS
from handbill.assertions.subject import Subject
from handbill.assertions.suite import CampaignTest, Persona
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.plan.model import Plan
from handbill.schema.describe import in_words
from handbill.source.located import Path

Found = Iterator[Diagnostic]


@dataclass(frozen=True, slots=True)
class ReadyTest:
    """A test that can run."""

    test: CampaignTest
    plan: Plan
    fixtures: Fixtures
    subject: Subject


def prepare(
    test: CampaignTest, personas: Mapping[str, Persona], subject: Subject
) -> tuple[ReadyTest | None, tuple[Diagnostic, ...]]:
    """HB473 an unknown campaign, HB474–HB476 as for fixtures, HB478 an unknown name in `expect`."""
    plan = subject.plans.get(test.written.campaign)
    if plan is None:
        return None, (_unknown_campaign(test, ("campaign",), test.written.campaign, subject),)
    fixtures, found = read_fixtures(test, personas, subject.tenant)
    found = (*found, *_check_history(test, subject), *_check_expected(test, plan))
    mine = tuple(replace(each, tenant=test.tenant) for each in found)
    return (None if mine else ReadyTest(test, plan, fixtures, subject)), mine


def _unknown_campaign(test: CampaignTest, path: Path, name: str, subject: Subject) -> Diagnostic:
    where = test.document.range_of(path)
    message = f"`{test.tenant}` has no campaign `{name}`"
    return Diagnostic(
        "HB473", message, where, hint=subject.unknown_campaign(name), tenant=test.tenant
    )


def _check_history(test: CampaignTest, subject: Subject) -> Found:
    for customer, sent in test.written.sent.items():
        for index, each in enumerate(sent):
            path = ("sent", customer, index)
            if each.campaign not in subject.plans:
                yield _unknown_campaign(test, (*path, "campaign"), each.campaign, subject)
            yield from _known(test, (*path, "channel"), "channel", each.channel, subject.channels)
    for customer, channels in test.written.stopped.items():
        for index, channel in enumerate(channels):
            path = ("stopped", customer, index)
            yield from _known(test, path, "channel", channel, subject.channels)


def _known(
    test: CampaignTest, path: Path, what: str, name: str, names: Mapping[str, object] | list[str]
) -> Found:
    if name in names:
        return
    near = closest(name, names)
    listing = in_words(sorted(names)) or "none"
    hint = f"did you mean `{near}`?" if near else f"it has: {listing}"
    message = f"there is no {what} `{name}` here"
    yield Diagnostic("HB478", message, test.document.range_of(path), hint=hint)


def _check_expected(test: CampaignTest, plan: Plan) -> Found:
    variants = [variant.name for variant in plan.variants]
    offers = [choice.offer for variant in plan.variants for choice in variant.offers]
    channels = list(plan.senders)
    parts = _parts_of(plan)
    reasons = [*REASONS, *(f"{EXCLUDE}{name}" for name in plan.audience.exclude)]
    for customer, expected in test.written.expect.items():
        path = ("expect", customer)
        if expected.because is not None:
            yield from _known(test, (*path, "because"), "reason", expected.because, reasons)
        if expected.variant is not None:
            yield from _known(test, (*path, "variant"), "variant", expected.variant, variants)
        if expected.offer is not None:
            yield from _known(test, (*path, "offer"), "offer", expected.offer, [*offers, NONE])
        if expected.locale is not None:
            locales = list(plan.locales)
            yield from _known(test, (*path, "locale"), "locale", expected.locale, locales)
        if expected.segments is not None and SMS not in channels:
            yield from _known(test, (*path, "segments"), "channel", SMS, channels)
        for place, channel in _channels(expected.channel):
            yield from _known(test, (*path, "channel", *place), "channel", channel, channels)
        for field in ("contains", "lacks", "text"):
            for part in _named_parts(getattr(expected, field)):
                where = (*path, field, part)
                yield from _known(test, where, "part", part, parts)


def _channels(written: str | list[str] | None) -> Iterator[tuple[Path, str]]:
    if isinstance(written, str):
        yield (), written
    elif written is not None:
        yield from (((index,), channel) for index, channel in enumerate(written))


def _named_parts(written: object) -> list[str]:
    return list(dict.fromkeys(part for part, _ in listed(written) if part is not None))


def _parts_of(plan: Plan) -> list[str]:
    """The parts of its messages, by name and by channel and name."""
    found: dict[str, None] = {}
    for variant in plan.variants:
        for by_channel in variant.messages.values():
            for channel, content in by_channel.items():
                for parts in content.locales.values():
                    for name in parts:
                        found |= {name: None, f"{channel}.{name}": None}
    return list(found)
