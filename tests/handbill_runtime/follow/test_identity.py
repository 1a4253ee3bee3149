"""The runtime's own key: made once, for its owner alone, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill_runtime.errors import RuntimeFault
from handbill_runtime.follow.identity import KEY_FILE, runtime_key, seal_of


def test_it_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    state = tmp_path / "not" / "there"
    first = runtime_key(state)
    path = state / KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    again = runtime_key(state)
    assert again.private_bytes_raw() == first.private_bytes_raw()
    assert path.stat().st_mode & 0o777 == 0o600 and [each.name for each in state.iterdir()] == [
        KEY_FILE
    ]
    assert seal_of(first) == seal_of(again) != seal_of(runtime_key(tmp_path))
    assert first.private_bytes_raw() not in seal_of(first)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_damaged_key_is_told_and_not_replaced(tmp_path: Path, data: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(data)
    with pytest.raises(RuntimeFault) as caught:
        runtime_key(tmp_path)
    assert caught.value.code == "HB934" and (tmp_path / KEY_FILE).read_bytes() == data


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RuntimeFault, match="cannot be used"):
        runtime_key(tmp_path / "file" / "state")
