"""What a receiver wrote down is there for whoever reads, also while it writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handbill.cli.demo.receipt_book import ReceiptBook, Received

ONE = Received("id-1", "email", "ann@shop.example", "Hi", "body\nwith ünïcode")
TWO = Received("id-2", "sms", "+1518", "", "", "+1700")


def test_what_is_written_is_read_in_order(tmp_path: Path) -> None:
    book = ReceiptBook(tmp_path / "book.db")
    for each in (ONE, TWO, ONE):
        book.write(each)
    reader = ReceiptBook(tmp_path / "book.db")
    assert reader.all() == [ONE, TWO, ONE]
    assert reader.counts() == {"id-1": 2, "id-2": 1}
    assert [(each.place, each.summary) for each in reader.newest(2)] == [(3, "Hi"), (2, "")]
    assert len(reader.newest(-1)) == 3
    found = reader.one(2)
    assert found is not None and found[1] == TWO
    assert found[0] == reader.newest(2)[1]
    assert datetime.now(UTC) - datetime.fromisoformat(found[0].received_at) < timedelta(hours=1)
    assert reader.one(4) is None
    book.write(TWO)
    assert reader.counts()["id-2"] == 2
    book.close()
    reader.close()


def test_an_empty_book(tmp_path: Path) -> None:
    book = ReceiptBook(tmp_path / "book.db")
    assert (book.all(), book.newest(5), book.counts()) == ([], [], {})
    book.close()


def test_a_writer_that_is_killed_loses_nothing_that_it_answered(tmp_path: Path) -> None:
    program = (
        "import sys, os, signal\n"
        "from pathlib import Path\n"
        "from handbill.cli.demo.receipt_book import ReceiptBook, Received\n"
        "book = ReceiptBook(Path(sys.argv[1]))\n"
        "for n in range(20):\n"
        "    book.write(Received(f'id-{n}', 'email', 'a', 'b', 'c'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "book.db")], env=os.environ
    )
    assert done.returncode == -signal.SIGKILL
    book = ReceiptBook(tmp_path / "book.db")
    assert len(book.counts()) == 20
    book.close()
