"""What a test says happened before is in its ledger as if it had."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tested_base import Base, anything, reached

from handbill.assertions.preparing import prepare
from handbill.assertions.subject import subjects_of
from handbill.assertions.suite import read_suite
from handbill.cli.rehearsal.trial_history import write_history
from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree
from handbill_runtime.ledger.sqlite import SqliteLedger


def test_messages_and_stops(base: Base, tmp_path: Path) -> None:
    base.test(
        reached("ann"),
        anything("ann"),
        """
        sent:
          ann:
            - {campaign: hello, channel: email, at: 2026-12-01T10:00}
            - {campaign: hello, channel: email, at: 2026-12-02T10:00}
        stopped: {ann: [sms]}
        """,
    )
    tree, found = open_working_tree(base.folder)
    assert tree is not None
    compiled = compile_tree(tree, found)
    assert compiled.documents is not None and compiled.release is not None
    suite = read_suite(compiled.documents)
    subject = subjects_of(compiled.release, ["fresh-fields"])["fresh-fields"]
    ready, _ = prepare(suite.tests[0], {}, subject)
    assert ready is not None
    ledger = SqliteLedger(tmp_path / "ledger.db")
    ledger.take_lease("test", datetime(2026, 12, 5, tzinfo=UTC))
    write_history(ledger, ready)
    touches = ledger.recent("fresh-fields", ["ann"], datetime(2026, 11, 1, tzinfo=UTC))["ann"]
    assert [(touch.channel, touch.sent_at) for touch in touches] == [
        ("email", datetime(2026, 12, 1, 15, tzinfo=UTC)),
        ("email", datetime(2026, 12, 2, 15, tzinfo=UTC)),
    ]
    (stop,) = ledger.suppressions("fresh-fields", ["ann"], [])
    assert (stop.channel, stop.cause, stop.scope) == ("sms", "unsubscribed", "marketing")
    ledger.close()
