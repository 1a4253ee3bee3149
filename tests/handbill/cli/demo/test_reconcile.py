"""Ledger against books: agreement is seen, and so is each way to disagree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from handbill.cli.demo.receipt_book import ReceiptBook
from handbill.cli.demo.reconcile import Reconciliation, reconcile

if TYPE_CHECKING:
    from conftest import Delivered


@pytest.fixture
def books(delivered: Delivered) -> list[Counter[str]]:
    counts = []
    for path in delivered.books:
        book = ReceiptBook(path)
        counts.append(book.counts())
        book.close()
    return counts


def test_they_agree(delivered: Delivered, books: list[Counter[str]]) -> None:
    check = reconcile(delivered.ledger, books)
    assert check == Reconciliation(accepted=5, received=5, lost=0, twice=0, unknown=0)
    assert check.clean
    assert str(check) == (
        "5 accepted by the ledger, 5 in the receivers' books: lost 0, twice 0, unknown 0"
    )


@pytest.mark.parametrize(
    ("change", "lost", "twice", "unknown"),
    [
        (lambda book, one: book.pop(one), 1, 0, 0),
        (lambda book, one: book.update([one]), 0, 1, 0),
        (lambda book, one: book.update([one, one]), 0, 1, 0),
        (lambda book, one: book.update(["other"]), 0, 0, 1),
        (lambda book, one: (book.pop(one), book.update(["other", "other"])), 1, 1, 1),
    ],
)
def test_each_way_to_disagree(
    delivered: Delivered, books: list[Counter[str]], change: object, lost: int, twice: int,
    unknown: int,
) -> None:  # fmt: skip
    change(books[0], sorted(books[0])[0])  # type: ignore[operator]
    check = reconcile(delivered.ledger, books)
    assert (check.lost, check.twice, check.unknown) == (lost, twice, unknown)
    assert not check.clean


def test_the_same_message_at_two_receivers_came_twice(
    delivered: Delivered, books: list[Counter[str]]
) -> None:
    check = reconcile(delivered.ledger, [*books, books[1]])
    assert (check.lost, check.twice) == (0, len(books[1]))
