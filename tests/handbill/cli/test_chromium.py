"""Pictures by a Chromium that is not there, hangs, or makes none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handbill.cli.chromium import NoPicture, find_chromium, take_picture


def program(folder: Path, script: str) -> str:
    made = folder / "chromium"
    made.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    made.chmod(0o755)
    return str(made)


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBILL_CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(NoPicture, match="names no program"):
        find_chromium()
    made = program(tmp_path, "true")
    monkeypatch.setenv("HANDBILL_CHROMIUM", made)
    assert find_chromium() == made
    monkeypatch.delenv("HANDBILL_CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == made
    (tmp_path / "chromium").unlink()
    with pytest.raises(NoPicture, match="needs Chromium"):
        find_chromium()


def test_what_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, told = tmp_path / "page.html", tmp_path / "told"
    page.write_text("hello")
    made = program(tmp_path, f'printf "%s\\n" "$@" > {told}; echo png > {tmp_path}/out.png')
    for user, sandboxed in ((0, False), (1000, True)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        take_picture(made, page, tmp_path / "out.png", (500, 900))
        words = told.read_text().split("\n")
        assert ("--no-sandbox" not in words) is sandboxed
        assert "--window-size=500,900" in words and page.as_uri() in words
        (profile,) = (each for each in words if each.startswith("--user-data-dir="))
        assert not Path(profile.partition("=")[2]).exists()


def test_no_picture(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("hello")
    with pytest.raises(NoPicture, match="made no picture"):
        take_picture(program(tmp_path, "true"), page, tmp_path / "out.png", (500, 900))
    with pytest.raises(NoPicture, match="longer than"):
        take_picture(program(tmp_path, "sleep 60"), page, tmp_path / "out.png", (500, 900), 0.2)
    with pytest.raises(NoPicture, match="cannot be run"):
        take_picture(str(tmp_path / "none"), page, tmp_path / "out.png", (500, 900))
