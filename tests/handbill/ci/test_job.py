"""Outputs, summaries, and logs that command nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handbill.ci.job import MAX_SUMMARY, SUMMARY_ROOM, quiet, write_outputs, write_summary


def test_outputs_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_text("before=1\n", encoding="utf-8")
    write_outputs(path, {"release": "sha256:ab", "changed": "3"})
    assert path.read_text("utf-8") == "before=1\nrelease=sha256:ab\nchanged=3\n"


def test_an_output_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        write_outputs(tmp_path / "output", {"release": "a\nb=c"})
    assert not (tmp_path / "output").exists()


def test_a_summary_has_room(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    write_summary(path, "€" * SUMMARY_ROOM)
    assert path.stat().st_size < MAX_SUMMARY
    with pytest.raises(AssertionError):
        write_summary(path, "x" * (SUMMARY_ROOM + 1))


def test_nothing_in_a_log_is_obeyed() -> None:
    text = "::add-mask::x\n::error::y\n::0123::\n"
    first, *middle, last = quiet(text).splitlines()
    token = re.fullmatch(r"::stop-commands::([0-9a-f]{32})", first)
    assert token and last == f"::{token[1]}::" and "\n".join(middle) == text.rstrip()
    assert quiet(text) != quiet(text)
