"""Hostile artifacts are refused whole; what is read is what a review writes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from handbill.ci import artifact
from handbill.ci.artifact import read_artifact
from handbill.diagnostics.diagnostic import Diagnostic

REVIEW: dict[str, Any] = {
    "conclusion": "success",
    "release": None,
    "base": "1" * 40,
    "head": "2" * 40,
    "errors": 0,
    "warnings": 0,
    "tests": 0,
    "tests_failed": 0,
}
SIDE = {"label": "main", "digest": "ab"}
DIFF: dict[str, Any] = {
    "base": SIDE,
    "head": SIDE,
    "at": "2026-11-24T09:00:00Z",
    "entries": [],
    "plans": 0,
    "changed": 0,
    "identical": 0,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "review.json").write_text(json.dumps(REVIEW))
    (tmp_path / "diff.json").write_text(json.dumps(DIFF))
    (tmp_path / "comment.md").write_text("@everybody, this is never read")
    return tmp_path


def refused(folder: Path) -> Diagnostic:
    found = read_artifact(folder)
    assert isinstance(found, Diagnostic) and found.is_error and found.hint
    return found


def test_a_sound_one(folder: Path) -> None:
    found = read_artifact(folder)
    assert not isinstance(found, Diagnostic)
    review, diff = found
    assert review.conclusion == "success" and diff is not None and diff.head.label == "main"


def test_without_a_diff(folder: Path) -> None:
    (folder / "diff.json").unlink()
    found = read_artifact(folder)
    assert not isinstance(found, Diagnostic) and found[1] is None


@pytest.mark.parametrize("name", ["evil.sh", "Review.json", ".hidden", "\x1b[31m"])
def test_a_file_that_no_review_writes(folder: Path, name: str) -> None:
    (folder / name).write_text("x")
    found = refused(folder)
    assert found.code == "HB743" and found.message.isprintable()


@pytest.mark.parametrize("name", ["review.json", "diff.json", "comment.md"])
def test_links_folders_and_pipes_are_no_files(folder: Path, name: str) -> None:
    secret = folder.parent / "secret.json"
    secret.write_text(json.dumps(REVIEW))
    path = folder / name
    path.unlink()
    path.symlink_to(secret)
    assert refused(folder).code == "HB743"
    path.unlink()
    path.mkdir()
    assert refused(folder).code == "HB743"
    path.rmdir()
    os.mkfifo(path)
    assert refused(folder).code == "HB743"


def test_a_file_that_is_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "MAX_READ", 50)
    assert "too large" in refused(folder).message
    monkeypatch.setattr(artifact, "MAX_READ", 5_000)
    monkeypatch.setattr(artifact, "MAX_FILE", 10)
    assert "comment.md" in refused(folder).message


def test_a_review_there_must_be(folder: Path) -> None:
    (folder / "review.json").unlink()
    assert refused(folder).code == "HB743"
    assert refused(folder / "none").code == "HB743"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe{}",
        b"[" * 100_000,
        json.dumps({**REVIEW, "conclusion": "fine"}).encode(),
        json.dumps({**REVIEW, "errors": "0"}).encode(),
        json.dumps({**REVIEW, "version": 99}).encode(),
        json.dumps({**REVIEW, "remarks": [{"level": "shouts", "says": "x"}]}).encode(),
        json.dumps({**REVIEW, "remarks": [{"level": "warns", "says": "x"}] * 10_001}).encode(),
        json.dumps({key: each for key, each in REVIEW.items() if key != "head"}).encode(),
    ],
)
def test_a_review_that_is_none(folder: Path, data: bytes) -> None:
    (folder / "review.json").write_bytes(data)
    found = refused(folder)
    assert found.code == "HB744" and "review.json" in found.message


@pytest.mark.parametrize(
    "change",
    [
        {"entries": [{"kind": "exploded", "subjects": []}]},
        {"entries": [{"kind": "changed", "subjects": [], "aspects": [{"aspect": "none"}]}]},
        {"version": 99},
        {"plans": -1},
        {"plans": 1.5},
        {"at": None},
    ],
)
def test_a_diff_that_is_none(folder: Path, change: dict[str, Any]) -> None:
    (folder / "diff.json").write_text(json.dumps({**DIFF, **change}))
    found = refused(folder)
    assert found.code == "HB744" and "diff.json" in found.message
