"""Paths as people list them under `lock` and `open`: `limits.quiet_hours`, `categories.*.class`.

A pattern covers its own path and everything below it; `*` stands for any one name.
"""

from __future__ import annotations

from typing import TypeAlias

from handbill.source.located import Path

Pattern: TypeAlias = tuple[str, ...]
ANY = "*"


def parse_pattern(text: str) -> Pattern:
    """The pattern in normalised form: `message.email` is `messages.main.email`."""
    steps = tuple(text.split("."))
    return ("messages", "main", *steps[1:]) if steps[0] == "message" else steps


def covers(pattern: Pattern, path: Path) -> bool:
    """Whether `path` is the pattern's own or below it."""
    return len(path) >= len(pattern) and _agree(pattern, path)


def overlaps(pattern: Pattern, path: Path) -> bool:
    """Whether one of the two lies at or below the other."""
    return _agree(pattern, path)


def _agree(pattern: Pattern, path: Path) -> bool:
    return all(
        left in (ANY, right) or right == ANY for left, right in zip(pattern, path, strict=False)
    )


def dotted(path: Path) -> str:
    """A path as people write it: `message.email.subject`."""
    if path[:2] == ("messages", "main"):
        path = ("message", *path[2:])
    return ".".join(str(step) for step in path)
