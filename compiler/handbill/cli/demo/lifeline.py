"""Ends this process when the one that started it is gone, however that ended.

The starter holds the other end of this process's standard input and never writes: its end of file
is the starter's death. `python -m handbill.cli.demo.lifeline ARGUMENTS` is the `handbill` command on
such a line.
"""

from __future__ import annotations

import os
import signal
import threading

CHUNK = 1024


def end_with_starter() -> None:
    """Standard input at its end is like SIGTERM to this process."""
    threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    try:
        while os.read(0, CHUNK):
            pass
    except OSError:  # no standard input is nobody who holds it
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    from handbill.cli.main import main

    end_with_starter()
    main()
