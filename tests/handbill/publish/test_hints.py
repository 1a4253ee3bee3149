"""Hints over a real NATS server, which comes, goes and comes back."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.hints import BUCKET, NatsHints, check_hints_url

SERVER = Path(sys.executable).with_name("nats-server")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port: int = opened.getsockname()[1]
        return port


@contextmanager
def nats_server(folder: Path, port: int) -> Iterator[str]:
    command = [str(SERVER), "-js", "-a", "127.0.0.1", "-p", str(port), "-sd", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < give_up
            time.sleep(0.02)
    try:
        yield f"nats://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def value(url: str, key: str, name: str = BUCKET) -> bytes | None:
    async def read() -> bytes | None:
        import nats

        connection = await nats.connect(url)
        try:
            bucket = await connection.jetstream().key_value(name)
            return (await bucket.get(key)).value
        except Exception:
            return None
        finally:
            await connection.close()

    return asyncio.run(read())


def wait_for(url: str, key: str, wanted: bytes) -> None:
    give_up = time.monotonic() + 30
    while value(url, key) != wanted:
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_the_newest_number_is_left_under_the_environment(tmp_path: Path) -> None:
    found: list[Diagnostic] = []
    with nats_server(tmp_path, free_port()) as url:
        hints = NatsHints(url, "production", found.append)
        for sequence in (1, 3, 2):
            hints.send(sequence)
        wait_for(url, "production", b"3")
        other = NatsHints(url, "staging", found.append)
        other.send(9)
        wait_for(url, "staging", b"9")
        assert value(url, "production") == b"3"
        elsewhere = NatsHints(f"{url}/retail", "production", found.append)
        elsewhere.send(5)
        give_up = time.monotonic() + 30
        while value(url, "production", "retail") != b"5":
            assert time.monotonic() < give_up
        assert value(url, "production") == b"3"
        for each in (hints, other, elsewhere):
            each.close()
        hints.send(4)
    assert found == []


def test_a_server_that_is_away_is_told_and_nothing_else(tmp_path: Path) -> None:
    port = free_port()
    found: list[Diagnostic] = []
    hints = NatsHints(f"nats://127.0.0.1:{port}", "production", found.append)
    hints.send(1)
    give_up = time.monotonic() + 60
    while not found:
        assert time.monotonic() < give_up
        time.sleep(0.02)
    assert {each.code for each in found} == {"HB892"}
    with nats_server(tmp_path, port) as url:
        hints.send(2)
        wait_for(url, "production", b"2")
    shutil.rmtree(tmp_path)
    hints.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:4222",
        "http://a:4222",
        "nats://",
        "nats://a:b@host",
        "nats://host/a/b",
        "nats://[::1",
    ],
)
def test_what_is_no_nats_server(url: str) -> None:
    refused = check_hints_url(url)
    assert refused is not None and refused.code == "HB891" and ":b@" not in refused.message


def test_what_is_one() -> None:
    assert check_hints_url("nats://nats.internal:4222") is None
    assert check_hints_url("tls://nats.internal/retail") is None
