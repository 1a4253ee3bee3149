"""A campaign after all layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from handbill.schema.check import check_effective
from handbill.schema.contracts import ChannelContract
from handbill.schema.effective_rules import in_plain_words
from handbill.schema.models.effective import EffectiveCampaign
from handbill.source.located import LocatedDocument

Check = Callable[[str], list[tuple[str, int]]]
WHOLE = """\
category: promotions
trigger: {at: 2026-12-05T10:00}
audience: {include: everyone}
messages:
  main:
    email: {subject: "x", template: a.html}
"""


@pytest.fixture
def check(
    load: Callable[[str, str], LocatedDocument], contracts: Mapping[str, ChannelContract]
) -> Check:
    def run(text: str) -> list[tuple[str, int]]:
        document = load("tenants/ff/campaigns/a.yaml", text)
        assert isinstance(document.value, dict)
        found = check_effective(document.value, document, contracts, "ff")
        assert all(one.tenant == "ff" for one in found)
        return [(one.code, one.range.line if one.range else 0) for one in found]

    return run


def test_whole(check: Check, load: Callable[[str, str], LocatedDocument]) -> None:
    assert check(WHOLE) == []
    campaign = EffectiveCampaign.model_validate(load("a.yaml", WHOLE).value)
    assert (campaign.status, campaign.expires, campaign.deliver.mode) == (
        "draft",
        "24 hours",
        "first",
    )


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (("category: promotions\n", "status: draft\n"), [("HB302", 1)]),
        (("audience: {include: everyone}\n", ""), [("HB302", 1)]),
        (("{include: everyone}", "{limit: 5}"), [("HB302", 3)]),
        (("{at: 2026-12-05T10:00}", '{cron: "0 10 * * TUE"}'), [("HB340", 2)]),
        (("{at: 2026-12-05T10:00}", '{cron: "0 10 * * TUE"}\nreentry: never'), []),
        (('subject: "x", ', ""), [("HB302", 6)]),
        ((", template: a.html", ""), [("HB302", 6)]),
        (("template: a.html", "template: a.html, body: 'x'"), [("HB315", 6)]),
        (("category: promotions", "category: promotions\nstarts: 2026-12-05T10:00\nends: 2026-12-04T10:00"), [("HB313", 3)]),
        (("trigger: {at: 2026-12-05T10:00}", "trigger: soon"), [("HB303", 2)]),
        (("main:\n    email: {subject", "main:\n    fax: {subject"), [("HB301", 6)]),
        (("category: promotions", "category: promotions\nlimits: {per_customer: [3 per 7 days, 1 per day]}"), []),
        (("category: promotions", "category: promotions\nlimits: {per_customer: 3 per 7 days}"), [("HB303", 2)]),
    ],
)  # fmt: skip
def test_not_whole(check: Check, change: tuple[str, str], wanted: list[tuple[str, int]]) -> None:
    assert check(WHOLE.replace(*change)) == wanted


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 10 * * TUE", "every Tuesday"),
        ("0 10 * * 1,4", "every Monday and Thursday"),
        ("0 10 * * *", "every day"),
        ("0 10 1 * *", "whenever the schedule `0 10 1 * *` comes round"),
        ("0 10 * * MON-FRI", "whenever the schedule `0 10 * * MON-FRI` comes round"),
        ("nonsense", "whenever the schedule `nonsense` comes round"),
    ],
)
def test_schedules_in_plain_words(cron: str, words: str) -> None:
    assert in_plain_words(cron) == words
