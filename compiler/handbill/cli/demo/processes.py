"""The demo's other processes: two receivers and the publisher, each ended with the demo, by it or, if
it is killed, by themselves."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from handbill.cli.demo.scratch import BRANCH, ENVIRONMENT, Ports

WAIT_SECONDS = 30.0
_NEVER_GIVEN = range(20_000, 32_000)
"""Below what Linux, macOS and Windows choose from for a connection or a server without a port."""


class DemoFailed(Exception):
    """Something that the demo needs did not come up; the message says what and where to look."""


def free_ports() -> Ports:
    """Three ports that nothing listens on, of those that no system gives to a connection by itself."""
    with ExitStack() as stack:
        return Ports(*(_free_port(stack.enter_context(socket.socket())) for _ in range(3)))


def _free_port(held: socket.socket) -> int:
    for port in random.SystemRandom().sample(_NEVER_GIVEN, 200):
        try:
            held.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
    raise DemoFailed("there is no free port between 20000 and 32000")


class Processes:
    """Starts processes whose output goes to files below `folder`; `close` ends them all.

    Each keeps `inherited`, a descriptor, open for as long as it runs.
    """

    def __init__(self, folder: Path, inherited: int | None = None) -> None:
        self._folder = folder
        self._inherited = () if inherited is None else (inherited,)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start_receivers(self, ports: Ports, mail_book: Path, http_book: Path) -> None:
        """Returns when both accept connections."""
        for kind, port, book in (("smtp", ports.smtp, mail_book), ("http", ports.http, http_book)):
            arguments = [kind, "--port", str(port), "--book", str(book), "--lifeline"]
            if kind == "http":
                arguments += ["--also", str(mail_book)]
            self._start(f"receiver-{kind}", "-m", "handbill.cli.demo.receivers", *arguments)
        for kind, port in (("smtp", ports.smtp), ("http", ports.http)):
            self._await_port(f"receiver-{kind}", port)

    def start_publisher(self, repository: Path, key: Path) -> None:
        """Follows the scratch repository's branch."""
        self._start(
            "publisher", "-m", "handbill.cli.demo.lifeline", "publish", "--watch", "--first",
            "--repo", str(repository), "--branch", BRANCH, "--env", ENVIRONMENT, "--key", str(key),
        )  # fmt: skip

    def refuse_dead(self) -> None:
        """DemoFailed when a process has ended by itself."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise DemoFailed(f"the {name} ended: see {self._log(name)}")

    def close(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdin is not None
            process.stdin.close()
        self._running.clear()

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _start(self, name: str, *arguments: str) -> None:
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.PIPE,  # never written to: see the lifeline
                stdout=log,
                stderr=log,
                env=os.environ,
                pass_fds=self._inherited,
                start_new_session=True,  # Ctrl-C is the demo's, which ends them in its order
            )

    def _await_port(self, name: str, port: int) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            self.refuse_dead()
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.02)
        raise DemoFailed(f"the {name} does not answer: see {self._log(name)}")
