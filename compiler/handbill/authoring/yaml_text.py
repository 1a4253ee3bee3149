"""Words that somebody answered, as YAML that says just them."""

from __future__ import annotations

import json
import re

from handbill.source.plain import resolve_plain
from handbill.source.yaml_syntax import quote

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 /_.,'&()-]*[A-Za-z0-9.)]\Z|[A-Za-z]\Z")


def quoted(text: str) -> str:
    """`text` in quotes; what cannot stand in a line is written as an escape."""
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        return json.dumps(text, ensure_ascii=False)
    return quote(text)


def plainly(text: str) -> str:
    """`text` without quotes where YAML reads it as the same text, else in quotes."""
    return text if _PLAIN.match(text) and isinstance(resolve_plain(text), str) else quoted(text)
