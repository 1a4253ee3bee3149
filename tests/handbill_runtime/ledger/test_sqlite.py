"""Opening a ledger by URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.sqlite import open_ledger


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
