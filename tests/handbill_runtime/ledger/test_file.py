"""What a ledger file promises: durable or not at all, and never a silent misuse."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handbill_runtime.errors import LeaseFault, LedgerFault
from handbill_runtime.ledger.file import from_ms, to_ms
from handbill_runtime.ledger.model import Settlement, State
from handbill_runtime.ledger.sqlite import SqliteLedger

NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)


def test_commits_wait_for_the_disk(ledger: SqliteLedger) -> None:
    assert ledger.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert ledger.db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_transaction_is_all_or_nothing_and_may_be_nested(
    ledger: SqliteLedger, plan_messages: Callable[..., list[str]], claim: Callable[..., None]
) -> None:
    (ann,) = plan_messages("ann")
    with pytest.raises(ZeroDivisionError), ledger.transaction():
        with ledger.transaction():
            claim(ann)
        _ = 1 // 0
    message = ledger.message(ann)
    assert message is not None
    assert message.state is State.PLANNED
    assert message.body == b""


def test_writing_needs_the_lease(path: Path, plan_messages: Callable[..., list[str]]) -> None:
    ids = plan_messages("ann")
    stranger = SqliteLedger(path)
    with pytest.raises(LeaseFault):
        stranger.mark_sending(ids, "mail", NOON)
    with pytest.raises(LeaseFault):
        stranger.take_lease("second", NOON)
    assert stranger.message(ids[0]) is not None  # reading does not need it
    stranger.close()


def test_what_a_dead_runtime_was_sending_becomes_uncertain(
    path: Path,
    ledger: SqliteLedger,
    plan_messages: Callable[..., list[str]],
    claim: Callable[..., None],
) -> None:
    ann, bob, cat = plan_messages("ann", "bob", "cat")
    claim(ann, bob)
    ledger.mark_sending([ann], "mail", NOON)
    ledger.close()
    second = SqliteLedger(path)
    later = NOON + timedelta(minutes=1)
    assert second.take_lease("second", later) == 1
    states = [message.state for message in map(second.message, (ann, bob, cat)) if message]
    assert states == [State.UNCERTAIN, State.CLAIMED, State.PLANNED]
    assert second.outcomes(ann)[-1].kind == "uncertain"
    assert second.take_lease("second", later) == 0
    second.close()


def test_a_newer_ledger_is_refused(path: Path, ledger: SqliteLedger) -> None:
    ledger.db.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerFault, match="newer") as caught:
        SqliteLedger(path)
    assert caught.value.code == "HB902"


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(LedgerFault, match="cannot open"):
        SqliteLedger(path)
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerFault, match="cannot open"):
        SqliteLedger(tmp_path / "file" / "ledger.db")


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerFault, match="there is no folder") as caught:
        SqliteLedger(tmp_path / "away" / "ledger.db")
    assert caught.value.code == "HB902"
    assert not (tmp_path / "away").exists()


def test_what_must_be_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerFault, match="is missing"):
        SqliteLedger(tmp_path / "ledger.db", create=False)
    assert not (tmp_path / "ledger.db").exists()


def test_two_names_of_one_ledger_are_one_lease(path: Path, ledger: SqliteLedger) -> None:
    (path.parent / "link.db").symlink_to(path)
    (path.parent.parent / "folder").symlink_to(path.parent)
    for name in (path.parent / "link.db", path.parent.parent / "folder" / "ledger.db"):
        other = SqliteLedger(name)
        with pytest.raises(LeaseFault):
            other.take_lease("second", NOON)
        other.close()


def test_no_words_of_a_provider_are_too_odd_to_keep(
    ledger: SqliteLedger, plan_messages: Callable[..., list[str]], claim: Callable[..., None]
) -> None:
    (ann,) = plan_messages("ann")
    claim(ann)
    ledger.mark_sending([ann], "mail", NOON)
    odd = Settlement(ann, State.ACCEPTED, "Re\udce7u", provider_id="\ud800")
    ledger.settle([odd], "mail", NOON)
    assert ledger.outcomes(ann)[-1].detail == "Re\ufffdu"


def test_times_keep_milliseconds() -> None:
    at = datetime(2026, 12, 5, 12, 0, 1, 234_567, tzinfo=UTC)
    assert from_ms(to_ms(at)) == at.replace(microsecond=234_000)


def test_two_connections_see_each_other(path: Path, ledger: SqliteLedger) -> None:
    with ledger.transaction():
        ledger.set_watermark("t", "c", "", NOON)
        other = sqlite3.connect(path)
        assert other.execute("SELECT count(*) FROM watermarks").fetchone() == (0,)
    assert other.execute("SELECT count(*) FROM watermarks").fetchone() == (1,)
    other.close()
