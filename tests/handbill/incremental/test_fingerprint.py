"""Another compiler has other keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill.incremental import fingerprint as module
from handbill.incremental.fingerprint import fingerprint


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    (tmp_path / "lower").mkdir()
    (tmp_path / "lower" / "plan.py").write_text("one = 1\n")
    return tmp_path


def now() -> str:
    return fingerprint.__wrapped__()


def test_it_follows_from_the_bytes_of_the_package(package: Path) -> None:
    before = now()
    assert now() == before and len(before) == 32
    (package / "lower" / "plan.pyc").write_text("compiled")
    assert now() == before
    (package / "lower" / "plan.py").write_text("one = 2\n")
    edited = now()
    (package / "lower" / "plan.py").rename(package / "lower" / "plans.py")
    (package / "names.json").touch()
    assert len({before, edited, now()}) == 3


def test_it_follows_from_libraries_and_zones(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {now()}
    monkeypatch.setattr(module, "_ZONES", package / "nothing")
    seen.add(now())
    (package / "zones").write_text("# version 2031a\n")
    monkeypatch.setattr(module, "_ZONES", package / "zones")
    seen.add(now())
    monkeypatch.setattr(module, "version", lambda name: "9.9")
    seen.add(now())
    monkeypatch.setattr(module, "LIBRARIES", ("nowhere-to-be-found",))
    monkeypatch.undo()
    assert len(seen) == 4


def test_every_library_is_one_that_is_installed_or_named_as_missing() -> None:
    lines = list(module._environment())
    missing = [line for line in lines if line.endswith(b" -")]
    assert missing in ([], [b"tzdata -"])
