"""The corner shop, bound to the real receivers of the test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handbill_runtime.ledger.sqlite import SqliteLedger

sys.path.insert(0, str(Path(__file__).parent))

from corner_shop import NOON, Shop, VirtualClock


@pytest.fixture
def shop(tmp_path: Path, mail_server: Any, http_server: Any) -> Shop:
    return Shop(tmp_path, mail_server.url, http_server.url)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.db")
    opened.take_lease("test", NOON)
    yield opened
    opened.close()
