"""What a run came to, as people and as programs read it."""

from __future__ import annotations

import json
from collections import Counter

from handbill.cli.run_summary import summary_json, summary_table
from handbill_runtime.summary import ChannelSummary, TenantSummary
from handbill_runtime.troubles import Trouble

SOUTH = TenantSummary(
    campaigns={"winback", "circular"},
    considered=100,
    not_included=40,
    selected=30,
    excluded=Counter({"exclude:staff": 5}),
    held_out=Counter({"held_out_global": 3, "held_out_campaign": 7}),
    suppressed=Counter({"no_consent": 10, "no_address": 5}),
    quarantined={"points": 2},
    channels={
        "sms": ChannelSummary(planned=10, accepted=10),
        "email": ChannelSummary(
            planned=20,
            accepted=12,
            uncertain=1,
            waiting=2,
            failed=Counter({"refused": 1}),
            suppressed=Counter({"cap": 4}),
        ),
    },
)


def test_a_table_for_each_tenant() -> None:
    assert summary_table({"south": SOUTH}) == "\n".join(
        [
            "south: 2 campaigns, 100 customers considered",
            "  selected           30",
            "  excluded            5  exclude:staff 5",
            "  held out           10  held_out_campaign 7, held_out_global 3",
            "  suppressed         15  no_consent 10, no_address 5",
            "  not included       40",
            "  quarantined         2  points 2",
            "  → email            20  12 accepted, 1 uncertain, 2 waiting, 1 failed (refused 1), "
            "4 suppressed (cap 4)",
            "  → sms              10  10 accepted",
        ]
    )


def test_tenants_stand_apart_and_nothing_says_so() -> None:
    table = summary_table({"a": TenantSummary(), "b": TenantSummary()})
    assert table.count("\n\n") == 1 and table.startswith("a: 0 campaigns")
    assert summary_table({}) == "nothing was due"


def test_json_is_versioned_and_whole() -> None:
    trouble = Trouble("north", "HB940", "no data", "put it there")
    document = json.loads(summary_json({"south": SOUTH}, [trouble]))
    assert document["version"] == 1
    south = document["tenants"]["south"]
    assert south["campaigns"] == ["circular", "winback"]
    assert south["held_out"] == {"held_out_global": 3, "held_out_campaign": 7}
    assert south["channels"]["email"]["suppressed"] == {"cap": 4}
    assert document["troubles"] == [
        {"tenant": "north", "code": "HB940", "message": "no data", "hint": "put it there"}
    ]
