"""What a job tells GitHub: its outputs, its summary, and text in its log that commands nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from handbill.diff.renderers.markdown_text import size

MAX_SUMMARY = 1024 * 1024
"""Bytes of a step's summary (GitHub's "Workflow commands")."""
SUMMARY_ROOM = 250_000
"""UTF-16 code units that are surely fewer bytes than that: each is at most three in UTF-8."""


def write_outputs(path: Path, outputs: Mapping[str, str]) -> None:
    """`name=value` lines. Values are ours: digests, numbers and words without line breaks."""
    for name, value in outputs.items():
        assert value.isprintable(), name
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def write_summary(path: Path, markdown: str) -> None:
    """Appends to the step's summary."""
    assert size(markdown) <= SUMMARY_ROOM
    with path.open("a", encoding="utf-8", errors="replace") as file:
        file.write(markdown)


def quiet(text: str) -> str:
    """`text` for a log, between the two commands that keep the runner from obeying lines in it that
    look like commands. The token is random, so that no text can know it."""
    token = secrets.token_hex(16)
    return f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::\n"
