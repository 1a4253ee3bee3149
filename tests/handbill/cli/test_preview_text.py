"""What is printed of previews, line by line."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from handbill.cli.preview_text import LINE, preview_text
from handbill.cli.rehearsal.shown import Shown
from handbill.diff.model import Rendering

AT = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
PLAN: Any = SimpleNamespace(tenant="shop", campaign="sale\x1b[31m")


def rendering(persona: str, parts: dict[str, str], note: str = "", segments: int | None = None):
    return Rendering(
        persona=persona,
        variant="b",
        channel="sms",
        locale="en-US",
        parts=parts,
        note=note,
        segments=segments,
    )


def test_lines_are_cut_and_printable() -> None:
    found = (
        rendering("ann", {"body": "x\x1b[2J" + "y" * 200}, segments=2),
        rendering("bob", {"title": "New", "body": "Come\nin"}, "would get fr-CA"),
        rendering("cy", {}, "would not be selected: quarantined"),
    )
    text = preview_text(Shown(PLAN, "paused", found, left_out=3), AT)
    assert "\x1b" not in text
    lines = text.split("\n")
    assert lines[0].endswith("(paused), as of 2026-12-05 15:00 UTC")
    assert lines[2] == "sms, en-US, variant b"
    assert lines[3].endswith("… [2 SMS]") and len(lines[3]) < LINE + 20
    assert lines[4] == "  bob  New · Come in  (would get fr-CA)"
    assert lines[5] == "  cy   – would not be selected: quarantined"
    assert lines[7] == "3 more are not shown; say --persona, --variant or --locale"


def test_in_full_in_reading_order() -> None:
    mail = {"html": "<p>Hi</p><p>there</p>", "text": "Hi", "subject": "Hello"}
    text = preview_text(Shown(PLAN, "active", (rendering("ann", mail, "a note"),)), AT)
    assert text.split("\n")[3:] == [
        "  to ann (a note)",
        "  subject: Hello",
        "  html: Hi",
        "    there",
        "",
    ]
    sms = preview_text(Shown(PLAN, "active", (rendering("ann", {"body": "Hi"}, segments=1),)), AT)
    assert sms.endswith("  body: Hi\n  1 SMS\n")


def test_nobody() -> None:
    assert "nobody to show it to" in preview_text(Shown(PLAN, "active", ()), AT)
