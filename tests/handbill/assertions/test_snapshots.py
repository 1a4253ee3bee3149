"""Stored messages: where they lie, how they read, and when they differ."""

from __future__ import annotations

import datetime

from tested_shop import Shop

from handbill.assertions.outcome import Outcome, SentMessage
from handbill.assertions.snapshots import (
    compare_snapshot,
    snapshot_of,
    snapshot_path,
    stored_snapshots,
)

AT = datetime.datetime(2026, 12, 5, 10)
SENT = Outcome("a", "", messages=(SentMessage("sms", "en-US", AT, {"body": "Hello\n"}),))


def test_every_part_under_its_name() -> None:
    assert snapshot_of(SENT) == "── sms.body (en-US)\nHello\n\n"


def test_a_difference_is_of_words(shop: Shop) -> None:
    assert compare_snapshot(snapshot_of(SENT), SENT) is None
    assert compare_snapshot(snapshot_of(SENT).replace("\n", "\r\n"), SENT) is None
    changed = compare_snapshot("── sms.body (en-US)\nGoodbye\n\n", SENT)
    assert changed is not None and changed.words
    missing = compare_snapshot(None, SENT)
    assert missing is not None and "--update" in missing.actual


def test_they_lie_below_the_tenants_tests(shop: Shop) -> None:
    shop.test("a: {lifetime_orders: 1}")
    path = snapshot_path(shop.only_test(), "a")
    assert path == "tenants/fresh-fields/tests/snapshots/hello/a.txt"
    shop.write(path, "Hello\n")
    tree = shop.compiled().tree
    assert tree is not None
    assert stored_snapshots(tree, "fresh-fields") == {path: "Hello\n"}
    assert stored_snapshots(tree, "fresh") == {}
