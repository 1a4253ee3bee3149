"""Postfix's smtp-sink as a process: takes every mail, keeps none, and counts them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from types import TracebackType

PROGRAM, PLACES = "smtp-sink", "/usr/sbin:/usr/libexec/postfix:/usr/local/sbin"
WAIT_SECONDS = 10.0
_COUNTERS = re.compile(rb"mesg=(\d+)")


class NoSink(Exception):
    """smtp-sink did not start, or did not count what it was sent."""


def find_smtp_sink() -> str | None:
    return shutil.which(PROGRAM, path=f"{os.environ.get('PATH', '')}:{PLACES}")


class SmtpSink:
    """`with SmtpSink() as sink:` listens on `sink.port`; `received` only grows."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.received = 0

    def __enter__(self) -> SmtpSink:
        program = find_smtp_sink()
        if program is None:
            raise NoSink("smtp-sink is not installed")
        user = ("-u", "nobody") if os.geteuid() == 0 else ()
        self._process = subprocess.Popen(
            [program, "-c", *user, f"127.0.0.1:{self.port}", "100"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        threading.Thread(target=self._count, daemon=True).start()
        self._await_port()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()

    def await_received(self, count: int) -> None:
        """Raises NoSink unless it counts exactly `count` mails in the end."""
        until = time.monotonic() + WAIT_SECONDS
        while self.received < count and time.monotonic() < until:
            time.sleep(0.005)
        if self.received != count:
            raise NoSink(f"{self.received} mails were received in all, {count} were sent")

    def _count(self) -> None:
        """It writes `sess=1 quit=0 mesg=12` and a carriage return at each change."""
        assert self._process.stdout is not None
        while piece := os.read(self._process.stdout.fileno(), 65536):
            if found := _COUNTERS.findall(piece):
                self.received = int(found[-1])

    def _await_port(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise NoSink(f"smtp-sink does not listen (exit code {self._process.poll()})")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
