"""`--cache`, `--no-cache` and HANDBILL_CACHE: where a compile looks, and what it leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handbill.cli.caching import builder_of
from handbill.cli.compile import compile

BASE = Path(__file__).parents[2] / "golden" / "base"


def digest(folder: Path, *arguments: str) -> str:
    command = ["--root", str(folder), *arguments]
    result = CliRunner().invoke(compile, command, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout.strip()


def test_the_same_digest_with_and_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, kept = tmp_path / "config", tmp_path / "kept"
    shutil.copytree(BASE, folder)
    monkeypatch.setenv("HANDBILL_CACHE", str(kept))
    cold = digest(folder, "--no-cache")
    assert not kept.exists()
    assert digest(folder) == digest(folder, "--out", str(tmp_path / "out")) == cold
    assert len(list(kept.glob("compiled-*.db"))) == 1
    assert any(path.is_file() for path in (tmp_path / "out").rglob("*"))


def test_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HANDBILL_CACHE", "off")
    with builder_of(True) as builder:
        assert builder is None
    monkeypatch.setenv("HANDBILL_CACHE", str(tmp_path))
    monkeypatch.setenv("HANDBILL_WORKERS", "1")
    with builder_of(True) as builder:
        assert builder is not None and builder.workers is None
