from __future__ import annotations

from pathlib import Path

import pytest

from handbill.publish import deliveries
from handbill.publish.deliveries import KEPT_SECONDS, Deliveries


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_each_is_taken_once_also_after_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    first = Deliveries(tmp_path / "deliveries", clock)
    assert first.take(["id a", "signature x"]) and not first.take(["id a", "signature y"])
    assert not first.take(["id c", "signature x"]), "under another id it is the same delivery"
    again = Deliveries(tmp_path / "deliveries", clock)
    assert not again.take(["id a"]) and not again.take(["signature y"]) and again.take(["id d"])


def test_what_is_long_ago_is_forgotten(tmp_path: Path) -> None:
    clock = Clock()
    first = Deliveries(tmp_path / "deliveries", clock)
    first.take(["id a"])
    clock.now += KEPT_SECONDS - 1
    assert not Deliveries(tmp_path / "deliveries", clock).take(["id a"])
    clock.now += 2
    assert Deliveries(tmp_path / "deliveries", clock).take(["id a"])


def test_the_file_and_the_memory_stay_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "MAX_KEPT", 10)
    file = tmp_path / "deliveries"
    kept = Deliveries(file, Clock())
    for number in range(100):
        assert kept.take([f"id {number}"])
        assert len(file.read_text().splitlines()) <= 20
    assert not kept.take(["id 99"])
    assert not Deliveries(file, Clock()).take(["id 98"])


def test_a_damaged_file_or_none_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "deliveries").write_bytes(b"\xff\x00 x\n1800000000\nnan y\n\n")
    assert Deliveries(tmp_path / "deliveries", Clock()).take(["id a"])
    nowhere = Deliveries(tmp_path / "no" / "folder", Clock())
    assert nowhere.take(["id a"]) and not nowhere.take(["id a"])
    memory = Deliveries(None, Clock())
    assert memory.take(["id a"]) and not memory.take(["id a"])
