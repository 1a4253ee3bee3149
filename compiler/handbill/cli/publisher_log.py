"""The log of a publisher that follows a branch: a line on standard error for each thing that happens.

For people the message (journals and containers add the time), for machines an object a line. What somebody else wrote (a
webhook's sender, a remote) is on one line and cannot change how the terminal shows it.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from typing import Any, TextIO

from handbill.diagnostics.render_text import safe


class PublisherLog:
    """Any thread may write."""

    def __init__(self, form: str, stream: TextIO | None = None) -> None:
        self._json = form == "json"
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()

    def say(self, level: str, message: str, **more: Any) -> None:
        """`level` is info, warning or error."""
        if self._json:
            now = datetime.now(UTC)
            body = {"time": now.isoformat(timespec="milliseconds"), "level": level}
            line = json.dumps(body | {"message": message, **more}, ensure_ascii=True, default=str)
        else:
            word = "" if level == "info" else f"{level}: "
            line = f"{word}{safe(message)}"
        with self._lock:
            print(line, file=self._stream, flush=True)
