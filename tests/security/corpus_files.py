"""The hostile values of `corpus/`, by family."""

from __future__ import annotations

import re
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
_ESCAPE = re.compile(
    r"\\(?:([nrt0\\])|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))", re.IGNORECASE
)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\"}


def read_family(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [_ESCAPE.sub(_character, line) for line in lines if not line.startswith("# ")]


def _character(escape: re.Match[str]) -> str:
    if escape[1]:
        return _LETTERS[escape[1]]
    return chr(int(escape[2] or escape[3] or escape[4], 16))


FAMILIES = {path.stem: read_family(path) for path in sorted(CORPUS.glob("*.txt"))}
VALUES = [(family, value) for family, values in FAMILIES.items() for value in values]
