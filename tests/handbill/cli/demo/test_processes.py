"""The demo's processes, and what becomes of them when the demo does not end them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handbill.cli.demo.processes import DemoFailed, Processes, free_ports

if TYPE_CHECKING:
    from conftest import Published

STARTER = """
import pathlib, sys, time
from handbill.cli.demo.processes import Processes, free_ports

folder, lock, ports = pathlib.Path(sys.argv[1]), int(sys.argv[2]), free_ports()
processes = Processes(folder, lock)
processes.start_receivers(ports, folder / "mail.db", folder / "http.db")
if len(sys.argv) > 3:
    processes.start_publisher(pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4]))
print(ports.smtp, ports.http, flush=True)
time.sleep(600)
"""


def is_open(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def await_true(question: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not question():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def is_free(lock: Path) -> bool:
    descriptor = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def test_receivers_are_up_and_end(tmp_path: Path) -> None:
    ports, processes = free_ports(), Processes(tmp_path)
    try:
        processes.start_receivers(ports, tmp_path / "mail.db", tmp_path / "http.db")
        assert is_open(ports.smtp) and is_open(ports.http)
        processes.refuse_dead()
    finally:
        processes.close()
    assert not is_open(ports.smtp) and not is_open(ports.http)
    processes.close()


def test_a_process_that_ends_by_itself_is_told_of(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    try:
        processes.start_publisher(tmp_path / "nowhere", tmp_path / "no.key")
        said = []

        def is_dead() -> bool:
            with contextlib.suppress(DemoFailed):
                processes.refuse_dead()
                return False
            return True

        assert await_true(is_dead)
        with pytest.raises(DemoFailed, match=r"the publisher ended: see .*publisher\.log"):
            processes.refuse_dead()
        said.append((tmp_path / "publisher.log").read_text("utf-8"))
        assert said != [""]
    finally:
        processes.close()


def test_a_port_that_is_taken_is_told_of(tmp_path: Path) -> None:
    ports, processes = free_ports(), Processes(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports.smtp))  # and does not listen
        try:
            with pytest.raises(DemoFailed, match="the receiver-smtp ended"):
                processes.start_receivers(ports, tmp_path / "mail.db", tmp_path / "http.db")
        finally:
            processes.close()


def test_all_of_them_end_when_the_demo_is_killed(published: Published, tmp_path: Path) -> None:
    """The publisher too, which follows a branch; each holds the folder's lock until then."""
    environment = published.folder / "environments" / "staging.yaml"
    environment.rename(environment.with_name("demo.yaml"))
    published.git("add", "-A")
    published.git("commit", "-q", "-m", "named as the demo names it")
    lock = tmp_path / "lock"
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    arguments = [str(tmp_path), str(descriptor), str(published.folder), str(published.key)]
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, *arguments], stdout=subprocess.PIPE, pass_fds=[descriptor]
    ) as starter:
        os.close(descriptor)
        assert starter.stdout is not None
        smtp, http = map(int, starter.stdout.readline().split())
        assert await_true((published.store / "environments").is_dir), "the publisher works"
        assert is_open(smtp) and is_open(http) and not is_free(lock)
        starter.send_signal(signal.SIGKILL)
    assert await_true(lambda: not is_open(smtp) and not is_open(http))
    assert await_true(lambda: is_free(lock))
