from __future__ import annotations

from pathlib import Path

from handbill.store.store import open_store


def test_a_store_is_opened_by_its_url(tmp_path: Path) -> None:
    assert open_store(tmp_path.as_uri()).url == tmp_path.as_uri()
