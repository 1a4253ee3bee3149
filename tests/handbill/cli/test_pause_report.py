from __future__ import annotations

from handbill.cli.pause_report import audit_text, standing_text, stopped
from handbill.store.errors import PauseOlder
from handbill.store.pause import Pause, PauseStanding


def pause(*tenants: str, everyone: bool = False) -> Pause:
    return Pause(
        environment="e",
        number=7,
        issued="2026-12-05T10:00:00Z",
        by="olga",
        reason="prices",
        tenants=tenants,
        everyone=everyone,
    )


def test_who_is_stopped_is_said_in_one_line() -> None:
    assert stopped(pause()) == "nobody" and stopped(pause(everyone=True)) == "everybody"
    assert stopped(pause(*(f"t{n:02}" for n in range(12)))).endswith("t09 and 2 more")


def test_the_audit_has_a_line_each() -> None:
    assert audit_text([]) == []
    assert audit_text([pause("a")])[-1] == "     7  2026-12-05T10:00:00Z  a; olga: prices"


def test_what_stands_is_told_with_what_is_wrong() -> None:
    assert standing_text(PauseStanding(pause(), None)) == []
    lines = standing_text(PauseStanding(pause("a"), None, PauseOlder("gone", "resume")))
    assert lines[0] == "stopped: a (number 7, olga at 2026-12-05T10:00:00Z: prices)"
    assert lines[1:] == ["  error[HB878]: gone", "    = help: resume"]
