"""The demo's steps one by one; the whole of it is in test_command.py."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handbill.cli.demo import scenario
from handbill.cli.demo.folder import DemoFolder
from handbill.cli.demo.processes import DemoFailed, Processes
from handbill.cli.demo.receipt_book import ReceiptBook, Received
from handbill.cli.demo.scenario import EDITED, NEW_WORDS, OLD_WORDS, Demo
from handbill.publish.keys import generate_key, write_key

if TYPE_CHECKING:
    from conftest import Delivered

ROOT = Path(__file__).parents[4]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[DemoFolder]:
    folder = DemoFolder(tmp_path / "out")
    yield folder
    folder.close()


def test_the_edit_fits_the_sample() -> None:
    text = (ROOT / EDITED).read_text(encoding="utf-8")
    assert text.count(OLD_WORDS) == 1
    assert NEW_WORDS not in text


def test_another_configuration_is_refused_before_anything_starts(
    held: DemoFolder, tmp_path: Path
) -> None:
    demo = Demo(tmp_path, held, print)
    with pytest.raises(DemoFailed, match="is not the sample configuration"):
        demo.prepare()
    demo.close()


def test_what_was_received_is_read_from_both_books(held: DemoFolder) -> None:
    demo = Demo(ROOT, held, print)
    mail = Received("1", "email", "a", "b", "c")
    push = Received("2", "push", "a", "b", "c")
    for path, each in zip(demo.book_paths, (mail, push), strict=True):
        book = ReceiptBook(path)
        book.write(each)
        book.close()
    assert demo.received() == [mail, push]
    assert demo.received("push") == [push]
    demo.close()


@pytest.mark.parametrize("dies", [True, False], ids=["a process dies", "nothing is published"])
def test_no_release_is_told_and_not_waited_for(
    held: DemoFolder, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    demo = Demo(ROOT, held, print)
    write_key(demo.folder / "demo.key", generate_key())
    demo._processes = Processes(demo.folder)
    if dies:
        demo._processes._start("publisher", "-c", "raise SystemExit(3)")
    else:
        monkeypatch.setattr(scenario, "WAIT_SECONDS", 0.0)
    with pytest.raises(DemoFailed, match="the publisher ended" if dies else "no release became"):
        asyncio.run(demo._await_activation(asyncio.Event(), demo._follower()))
    demo._processes.close()
    demo.close()


def test_the_week_is_reconciled_against_the_books(
    held: DemoFolder, delivered: Delivered, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = Demo(ROOT, held, print)
    monkeypatch.setattr(Demo, "book_paths", property(lambda self: delivered.books))
    (demo.folder / "ledger.db").symlink_to(delivered.ledger)
    check = demo._reconcile()
    assert (check.accepted, check.clean) == (5, True)
    demo.close()
