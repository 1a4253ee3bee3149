"""Counts add up over runs, per tenant and channel."""

from __future__ import annotations

from collections.abc import Mapping

from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.stages.report import ChannelReport, RunReport
from handbill_runtime.summary import ChannelSummary, summarize


def report(
    tenant: str, campaign: str, channels: Mapping[str, ChannelReport], **more: Mapping[str, int]
) -> RunReport:
    return RunReport(
        occurrence=Occurrence(tenant, campaign, ""),
        campaign=campaign,
        plan="sha256:0",
        zones=("",),
        not_included=5,
        selected=sum(channel.planned for channel in channels.values()),
        excluded=more.get("excluded", {}),
        held_out=more.get("held_out", {}),
        suppressed=more.get("suppressed", {}),
        channels=channels,
        quarantined=more.get("quarantined", {}),
    )


def test_runs_of_one_tenant_are_added_up() -> None:
    mails = ChannelReport(4, 2, 1, 0, failed={"refused": 1}, suppressed={})
    more = ChannelReport(3, 1, 0, 1, failed={}, suppressed={"cap": 1})
    summary = summarize(
        [
            report("south", "a", {"email": mails}, held_out={"held_out_global": 2}),
            report("north", "b", {"email": more}, suppressed={"no_consent": 3}),
            report(
                "south", "c", {"email": more, "sms": more},
                held_out={"held_out_global": 1}, excluded={"exclude:staff": 1},
                quarantined={"id: missing": 7},
            ),
        ]
    )  # fmt: skip
    assert list(summary) == ["north", "south"]
    south = summary["south"]
    assert south.campaigns == {"a", "c"}
    assert (south.selected, south.not_included) == (10, 10)
    assert south.held_out == {"held_out_global": 3} and south.excluded == {"exclude:staff": 1}
    assert south.considered == 10 + 10 + 3 + 1
    assert south.quarantined == {"id: missing": 7}
    assert south.channels["email"] == ChannelSummary(
        planned=7, accepted=3, uncertain=1, waiting=1, suppressed=south.channels["sms"].suppressed,
        failed=south.channels["email"].failed,
    )  # fmt: skip
    assert south.channels["email"].failed == {"refused": 1}
    assert south.channels["sms"].suppressed == {"cap": 1}
    assert summary["north"].suppressed == {"no_consent": 3}


def test_nothing_run_is_nothing_said() -> None:
    assert summarize([]) == {}
