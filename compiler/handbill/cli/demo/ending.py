"""Every polite way to end the demo is Ctrl-C: a closed terminal and `kill` too."""

from __future__ import annotations

import signal
from types import FrameType


def end_like_ctrl_c() -> None:
    """SIGTERM and SIGHUP raise KeyboardInterrupt in the main thread, as SIGINT does.

    A SIGHUP that is ignored stays so, as `nohup` wants it.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """By way of SIGINT, for which asyncio has a handler that ends its tasks in order; a shell starts
    background jobs with SIGINT ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)
