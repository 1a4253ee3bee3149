"""Campaign files."""

from __future__ import annotations

import pytest

from handbill.schema.models.campaign import AtTrigger, CampaignDocument, CronTrigger


def test_a_file_may_hold_very_little() -> None:
    document = CampaignDocument.model_validate({"uses": "birthday", "with": {"perk": "cake"}})
    assert (document.uses, document.with_, document.status) == ("birthday", {"perk": "cake"}, None)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"at": "publish"}, AtTrigger),
        ({"at": "2026-12-05T10:00"}, AtTrigger),
        ({"cron": "0 8 * * WED"}, CronTrigger),
    ],
)
def test_triggers(value: dict[str, str], kind: type) -> None:
    trigger = CampaignDocument.model_validate({"trigger": value}).trigger
    assert isinstance(trigger, kind)
    assert (trigger.timezone, trigger.missed) == ("customer", "late")
