"""The SQLite ledger has the shape that the stages ask for."""

from __future__ import annotations

import inspect

from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.sqlite import SqliteLedger


def test_every_call_is_there_with_the_same_parameters() -> None:
    calls = [name for name in vars(Ledger) if not name.startswith("_")]
    assert len(calls) > 20
    for name in calls:
        asked = inspect.signature(getattr(Ledger, name)).parameters
        given = inspect.signature(getattr(SqliteLedger, name)).parameters
        assert list(asked) == list(given), name
