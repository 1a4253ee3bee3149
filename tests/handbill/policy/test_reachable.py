from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_world import HELLO, PLATFORM, campaign, plan, platform

from handbill.plan.model import Sender, Window
from handbill.policy.reachable import Why, due_minutes, unreachable_of, waits_for
from handbill_runtime.stages.hours import next_sending_time

QUIET = platform(more='limits: {quiet_hours: {sms: "21:00-08:00"}}\n')
SMS = '  sms: {body: "The market hall opens at ten"}\n'
OFFER = 'reward: {percent: 10}\nvalid: {from: 2026-11-01, to: %s}\nsummary: "10%%"\nterms: "All"\n'

minutes = st.integers(0, 24 * 60 - 1)
windows = st.lists(st.builds(lambda a, b: Window(start=a, end=b), minutes, minutes), max_size=3)


@given(quiet=windows, allowed=windows, due=minutes)
def test_waits_are_those_of_the_runtime(
    quiet: list[Window], allowed: list[Window], due: int
) -> None:
    sender = Sender(
        providers=(),
        sender="",
        windows=tuple(allowed),
        quiet_hours=tuple(quiet),
        expires_seconds=60,
    )
    at = datetime(2026, 12, 5, tzinfo=UTC) + timedelta(minutes=due)
    waits = waits_for(tuple(quiet), tuple(allowed))
    sent = next_sending_time(sender, "UTC", at)
    if waits is None:
        assert sent is None
    else:
        assert sent == at + timedelta(minutes=waits[due])


def said(text: str, **files: str) -> list[tuple[Why, bool]]:
    found = unreachable_of(plan({PLATFORM: QUIET, HELLO: text, **files}))
    return [(each.why, each.certain) for each in found]


def sms(trigger: str, more: str = "") -> str:
    return campaign(trigger=trigger, more=more, message=SMS)


AT_NIGHT = "{at: 2026-12-05T22:00}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (sms(AT_NIGHT), []),
        (sms(AT_NIGHT, "expires: 10 hours\n"), []),
        (sms(AT_NIGHT, "expires: 599 minutes\n"), [(Why.HOURS, True)]),
        (sms("{at: 2026-12-05T07:59}", "expires: 1 minute\n"), []),
        (
            sms('{cron: "0 10,22 * * *"}', "expires: 6 hours\nreentry: always\n"),
            [(Why.HOURS, False)],
        ),
        (sms('{cron: "0 22 * * *"}', "expires: 6 hours\nreentry: always\n"), [(Why.HOURS, True)]),
        (sms("{at: publish}", "expires: 1 minute\n"), []),
        (sms("{at: publish}", 'window: "22:00-23:00"\n'), [(Why.HOURS, True)]),
        (sms(AT_NIGHT, "ends: 2026-12-06T08:00\n"), [(Why.LIFE, True)]),
        (sms(AT_NIGHT, "ends: 2026-12-06T08:01\n"), []),
    ],
)
def test_hours(text: str, expected: list[tuple[Why, bool]]) -> None:
    assert said(text) == expected


def at(trigger: str, more: str) -> str:
    return campaign(trigger=trigger, more=more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (at("{at: 2026-12-05T10:00}", "starts: 2026-12-05T10:00\nends: 2026-12-05T10:01\n"), []),
        (at("{at: 2026-12-05T10:00, timezone: tenant}", "starts: 2026-12-05T10:01\n"), [True]),
        (at("{at: 2026-12-05T10:00}", "starts: 2026-12-05T10:01\n"), [False]),
        (at("{at: 2026-12-05T10:00}", "starts: 2026-12-07T10:01\n"), [True]),
        (at("{at: 2026-12-05T10:00, timezone: tenant}", "ends: 2026-12-05T10:00\n"), [True]),
        (at("{at: 2026-12-05T10:00}", "ends: 2026-12-05T09:00\n"), [False]),
        (at('{cron: "0 9 1 * *"}', "reentry: always\nends: 2026-12-05T09:00\n"), []),
        (
            at(
                '{cron: "0 9 1 1 *"}',
                "reentry: always\nstarts: 2026-12-05T09:00\nends: 2026-12-24T09:00\n",
            ),
            [True],
        ),
        (at("{at: publish}", "starts: 2026-12-05T10:00\nends: 2026-12-06T10:00\n"), []),
    ],
)
def test_life(text: str, expected: list[bool]) -> None:
    assert said(text) == [(Why.LIFE, certain) for certain in expected]


@pytest.mark.parametrize(
    ("last", "found"), [("2026-12-05", []), ("2026-12-04", [(Why.OFFER, True)])]
)
def test_offers(last: str, found: list[tuple[Why, bool]]) -> None:
    files = {"tenants/fresh-fields/offers/ten.yaml": OFFER % last}
    assert said(campaign(more="offer: ten\n"), **files) == found


def test_an_offer_that_is_over_while_the_message_waits() -> None:
    files = {"tenants/fresh-fields/offers/ten.yaml": OFFER % "2026-12-05"}
    assert said(sms(AT_NIGHT, "offer: ten\n"), **files) == [(Why.OFFER, True)]
    assert said(campaign(trigger="{at: publish}", more="offer: ten\n"), **files) == []


def test_a_clock_of_the_tenants_says_little_of_customers_elsewhere() -> None:
    text = sms("{at: 2026-12-05T22:00, timezone: tenant}", "expires: 6 hours\n")
    judged = plan({PLATFORM: QUIET, HELLO: text})
    (found,) = unreachable_of(judged)
    has_zones = any(each.name == "timezone" for each in judged.tenant.datasets["customers"].columns)
    assert found.certain is not has_zones
    assert bool([note for note in found.notes if "own clock" in note]) is has_zones


def test_minutes_of_a_schedule() -> None:
    judged = plan({HELLO: campaign(trigger='{cron: "0,30 9,18 * * *"}', more="reentry: always\n")})
    assert due_minutes(judged.plan) == (540, 570, 1080, 1110)
