"""The sample configuration, as a new user meets it: clean, due in one week, and worth receiving."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from handbill.cli.demo.households import deal_households
from handbill.pipeline import Compiled
from handbill.plan.canonical import decode_object
from handbill.plan.decisions import is_sending_hour
from handbill.plan.model import Plan, PublishTrigger, Table, Tenant
from handbill.plan.values import Value
from handbill.plan.zones import load_zone, minute_of_day, occurrences, to_local
from handbill_runtime.stages.audience import Candidate, candidates
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant
from handbill_runtime.stages.customers import open_customers

ROOT = Path(__file__).parents[2]
WEEK = datetime.datetime(2026, 11, 30), datetime.datetime(2026, 12, 7)
ZONES = (
    "America/New_York",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Europe/London",
    "Europe/Berlin",
)
UNSUBSCRIBE = "https://go.handbill.example/u/token?a=1&b=2"


@dataclass(frozen=True, slots=True)
class Sent:
    plan: Plan
    candidate: Candidate
    channel: str
    locale: str
    parts: dict[str, str]


@pytest.fixture(scope="module")
def tenants(samples: Compiled) -> dict[str, CompiledTenant]:
    release = samples.release
    assert release is not None
    found = {}
    for name, digest in release.release.tenants.items():
        objects = {key: decode_object(data) for key, data in release.packs[digest].items()}
        tenant = objects[digest]
        assert isinstance(tenant, Tenant)
        plans = {key: each for key, each in objects.items() if isinstance(each, Plan)}
        found[name] = CompiledTenant(
            tenant,
            {plan.campaign: CompiledPlan(plan, key) for key, plan in plans.items()},
            {key: each for key, each in objects.items() if isinstance(each, Table)},
        )
    return found


@pytest.fixture(scope="module")
def active(tenants: dict[str, CompiledTenant]) -> list[Plan]:
    plans = [one.plan for tenant in tenants.values() for one in tenant.plans.values()]
    return [plan for plan in plans if plan.status == "active"]


@pytest.fixture(scope="module")
def sent(
    tenants: dict[str, CompiledTenant], tmp_path_factory: pytest.TempPathFactory
) -> list[Sent]:
    """Each content of each active plan for a few of the customers whom it selects."""
    root = tmp_path_factory.mktemp("households")
    deal_households(root, today=datetime.date(2026, 11, 29))
    now = datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC)
    return [
        one for tenant in tenants.values() for one in _messages(tenant, f"{root}/{{tenant}}", now)
    ]


def _messages(tenant: CompiledTenant, root: str, now: datetime.datetime) -> Iterator[Sent]:
    with open_customers(tenant, root, now) as customers:
        for compiled in tenant.plans.values():
            if compiled.plan.status == "active":
                chosen = [
                    each
                    for chunk in candidates(compiled, customers, now.date())
                    for each in chunk
                    if each.excluded is None
                ]
                for candidate in chosen[:40]:
                    yield from _contents(compiled, candidate)


def _contents(compiled: CompiledPlan, candidate: Candidate) -> Iterator[Sent]:
    for variant in compiled.plan.variants:
        context: dict[tuple[str, ...], Value] = {
            ("run", "date"): datetime.date(2026, 12, 1),
            ("unsubscribe_url",): UNSUBSCRIBE,
            ("view_url",): "https://go.handbill.example/v/token",
            ("assets_url",): "https://cdn.handbill.example",
            ("message", "id"): "0" * 64,
        }
        context["offer", "index"] = compiled.offer_index(variant.name, candidate.row, context)
        for channel, content in variant.messages["main"].items():
            for locale in content.locales:
                parts = compiled.render(variant.name, channel, locale, candidate.row, context)
                yield Sent(compiled.plan, candidate, channel, locale, dict(parts))


def test_nothing_is_wrong_and_what_is_left_out_is_said(samples: Compiled) -> None:
    assert {(each.code, each.severity.value) for each in samples.diagnostics} == {("HB434", "note")}
    assert samples.release is not None
    assert samples.release.failed == ()


def test_eight_retailers_have_their_campaigns_mostly_in_a_few_lines(active: list[Plan]) -> None:
    assert len({plan.tenant for plan in active}) == 8
    assert len(active) >= 35
    files = [*ROOT.glob("tenants/*/campaigns/*.yaml"), *ROOT.glob("groups/*/campaigns/*.yaml")]
    lengths = sorted(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    assert lengths[len(lengths) // 2] < 12


def test_every_active_campaign_is_due_in_the_week(active: list[Plan]) -> None:
    for plan in active:
        assert occurrences(plan.trigger, plan.timezone, *WEEK), plan.campaign


def test_a_draft_stays_out_and_a_paused_campaign_is_released_paused(
    tenants: dict[str, CompiledTenant],
) -> None:
    plans = tenants["prairie-pantry"].plans
    assert plans["freezer-friday"].plan.status == "paused"
    assert "new-year-reset" not in plans


def test_every_campaign_is_due_at_an_hour_when_it_may_be_sent(active: list[Plan]) -> None:
    for plan in active:
        assert not isinstance(plan.trigger, PublishTrigger)
        zones = ZONES if plan.trigger.timezone == "customer" else (plan.timezone,)
        for zone in zones:
            for occurrence in occurrences(plan.trigger, zone, *WEEK):
                minute = minute_of_day(to_local(occurrence.instant, load_zone(zone)))
                for channel, sender in plan.senders.items():
                    allowed = is_sending_hour(sender.quiet_hours, sender.windows, minute)
                    assert allowed, (plan.campaign, channel, zone)


def test_every_active_campaign_reaches_someone_on_every_channel(
    active: list[Plan], sent: list[Sent]
) -> None:
    reached = {(one.plan.tenant, one.plan.campaign, one.channel) for one in sent}
    expected = {
        (plan.tenant, plan.campaign, channel)
        for plan in active
        for channel in plan.variants[0].messages["main"]
    }
    assert reached == expected


def test_mails_carry_address_and_way_out(
    tenants: dict[str, CompiledTenant], sent: list[Sent]
) -> None:
    for one in sent:
        if one.channel == "email":
            html = one.parts["html"]
            assert tenants[one.plan.tenant].tenant.postal_address in html
            assert ("/u/token?a=1&amp;b=2" in html) == (one.plan.category.kind == "marketing")
            assert len(html.encode()) < 102_400


def test_mails_have_a_text_part_without_markup(sent: list[Sent]) -> None:
    for one in sent:
        if one.channel == "email":
            text = one.parts["text"]
            assert "<td" not in text
            assert "&nbsp;" not in text
            assert len(text) > 200


def test_words_are_whole_in_every_language(sent: list[Sent]) -> None:
    for one in sent:
        for name, words in one.parts.items():
            assert words.strip() or name == "preheader", (one.plan.campaign, one.channel, name)
            assert "None" not in words, (one.plan.campaign, one.channel, name)
            assert "{{" not in words
    assert {one.locale for one in sent} == {
        "de-DE", "en-GB", "en-US", "es-US", "fr-CA", "ko-KR",
    }  # fmt: skip


def test_names_are_escaped_in_html_only(sent: list[Sent]) -> None:
    couple = [one for one in sent if "Anne & Marc" in one.candidate.row]
    for one in couple:
        if one.channel == "email" and "Anne" in one.parts["html"]:
            assert "Anne &amp; Marc" in one.parts["html"]
            assert "Anne & Marc" in one.parts["text"]
    assert couple
