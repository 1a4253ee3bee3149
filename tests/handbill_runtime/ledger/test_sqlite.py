"""Opening a ledger by URL."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.sqlite import SqliteLedger, open_ledger

NOON = datetime(2026, 12, 5, 17, tzinfo=UTC)


def test_a_url_and_a_plain_path_open_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "ledger.db"
    path.parent.mkdir()
    first: Ledger = open_ledger(f"sqlite://{str(path).replace(' ', '%20')}")
    second = open_ledger(str(path))
    assert path.is_file()
    assert first.secret() == second.secret()
    assert len(first.secret()) == 32
    first.close()
    second.close()


@pytest.mark.parametrize("url", ["postgresql://db/handbill", "sqlite://host/x.db", ""])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(LedgerFault) as caught:
        open_ledger(url)
    assert caught.value.code == "HB902"
    assert "sqlite:///" in caught.value.hint


def test_a_second_connection_writes_under_the_same_lease_and_gives_nothing_up(
    tmp_path: Path,
) -> None:
    first = open_ledger(str(tmp_path / "ledger.db"))
    first.take_lease("one", NOON)
    seen: list[datetime | None] = []

    def in_another_thread() -> None:
        second = first.second()
        second.set_watermark("corner", "points", "", NOON)
        seen.append(second.watermark("corner", "points", ""))
        second.close()

    thread = threading.Thread(target=in_another_thread)
    thread.start()
    thread.join()
    assert seen == [NOON]
    assert first.lease.held
    assert first.watermark("corner", "points", "") == NOON
    first.close()


def test_two_threads_take_turns(tmp_path: Path) -> None:
    """Neither finds the file locked, however often both write."""
    first = open_ledger(str(tmp_path / "ledger.db"))
    first.take_lease("one", NOON)
    first.db.execute("PRAGMA busy_timeout = 0")

    def write(ledger: SqliteLedger, name: str) -> None:
        for _ in range(100):
            with ledger.transaction():
                ledger.set_watermark("corner", name, "", NOON)

    failed: list[BaseException] = []

    def in_another_thread() -> None:
        second = first.second()
        second.db.execute("PRAGMA busy_timeout = 0")
        try:
            write(second, "second")
        except BaseException as error:
            failed.append(error)
        finally:
            second.close()

    thread = threading.Thread(target=in_another_thread)
    thread.start()
    write(first, "first")
    thread.join()
    assert failed == []
    assert first.watermark("corner", "second", "") == NOON
    first.close()
