from __future__ import annotations

from pathlib import Path

import pytest

from handbill.cli.store_place import open_place
from handbill.store.errors import StoreUnusable


def _environment(root: Path, text: str | None) -> Path:
    (root / "environments").mkdir()
    (root / "handbill.yaml").write_text("")
    (root / "below").mkdir()
    if text is not None:
        (root / "environments" / "staging.yaml").write_text(text)
    return root


def test_the_environments_file_names_its_store(tmp_path: Path) -> None:
    root = _environment(tmp_path, "recipients: seeds\nstore: file:///srv/store\n")
    assert open_place(None, "staging", root).url == "file:///srv/store"
    assert open_place(None, "staging", root / "below").url == "file:///srv/store"
    assert open_place("file:///other", "staging", root).url == "file:///other"


@pytest.mark.parametrize("text", [None, "", "recipients: seeds\n", "store: [a]\n", "store: {\n"])
def test_without_one_the_hint_says_what_to_write(tmp_path: Path, text: str | None) -> None:
    root = _environment(tmp_path, text)
    with pytest.raises(StoreUnusable) as refusal:
        open_place(None, "staging", root)
    assert refusal.value.hint == (
        "write `store: file:///…` in environments/staging.yaml, or give --store URL"
    )


@pytest.mark.parametrize("name", ["../../etc/passwd", "Production", ""])
def test_a_name_cannot_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreUnusable, match="not a name"):
        open_place(None, name, tmp_path)
