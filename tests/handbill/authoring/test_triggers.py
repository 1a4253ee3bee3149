from __future__ import annotations

import pytest

from handbill.authoring.campaign_files import WEEKLY
from handbill.authoring.triggers import due_at, trigger_yaml


@pytest.mark.parametrize(
    ("typed", "written", "due"),
    [
        ("publish", "{at: publish}", "2026-12-01T10:00"),
        ("2026-12-05T10:00", "{at: 2026-12-05T10:00}", "2026-12-05T10:00"),
        (" 0 9 * * MON ", '{cron: "0 9 * * MON"}', "2026-12-07T09:00"),
        (None, WEEKLY, due_at(WEEKLY)),
    ],
)
def test_what_is_typed_and_when_it_is_due(typed: str | None, written: str, due: str) -> None:
    assert trigger_yaml(typed) == written
    assert due_at(written) == due


@pytest.mark.parametrize(
    "typed", ["", "soon", "2026-12-32T10:00", "0 9 * *", "0 9 * * MON *", "0 9 * * \" }", "0 0 30 2 *"]
)  # fmt: skip
def test_what_is_no_trigger(typed: str) -> None:
    assert trigger_yaml(typed) is None
