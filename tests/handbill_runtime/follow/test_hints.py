"""Hints come from real servers, which die, flood, lie and hang: it only matters how soon one looks."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from handbill.store.folder import FolderStore
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.follow import hints
from handbill_runtime.follow.event_stream import EventStream
from handbill_runtime.follow.hints import HintSource, open_hints
from handbill_runtime.follow.nats_bucket import NatsBucket
from handbill_runtime.follow.watch import HINTS_AT_ONCE, HINTS_PER_SECOND, Allowance, pointer_hints

NATS = Path(sys.executable).with_name("nats-server")
PATIENCE = 30
NEVER = 3600.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(hints, "LONGEST_PAUSE", 0.2)


async def heard(source: HintSource, act: Callable[[], Awaitable[None]], wanted: int) -> int:
    """Hints until `wanted` came; `act` is done once it listens."""
    count = 0
    enough, begun = asyncio.Event(), asyncio.Event()

    def hint() -> None:
        nonlocal count
        count += 1
        begun.set()
        if count >= wanted:
            enough.set()

    listening = asyncio.create_task(source.listen(hint))
    try:
        await asyncio.wait_for(begun.wait(), PATIENCE)  # the first says: somebody listens
        await act()
        await asyncio.wait_for(enough.wait(), PATIENCE)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return count


# ── NATS ─────────────────────────────────────────────────────────────────────────────────────────


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port: int = opened.getsockname()[1]
        return port


@contextmanager
def nats_server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [str(NATS), "-js", "-a", "127.0.0.1", "-p", str(port), "-sd", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < give_up
            time.sleep(0.02)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def put(port: int, value: bytes, key: str = "test") -> None:
    import nats
    from nats.js.api import KeyValueConfig

    connection = await nats.connect(f"nats://127.0.0.1:{port}")
    try:
        bucket = await connection.jetstream().create_key_value(KeyValueConfig(bucket="handbill"))
        await bucket.put(key, value)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "value", [b"2", b"1", b"", b"\xff" * 1000], ids=["next", "old", "none", "junk"]
)
def test_a_key_that_changes_is_a_hint_whatever_it_says(tmp_path: Path, value: bytes) -> None:
    port = free_port()

    async def act() -> None:
        await put(port, value, key="another")
        await put(port, value)

    async def run() -> int:
        await put(port, b"1")
        return await heard(NatsBucket(f"nats://127.0.0.1:{port}", "handbill", "test"), act, 3)

    with nats_server(tmp_path, port):
        assert asyncio.run(run()) >= 3


def test_a_nats_server_that_dies_is_found_again(tmp_path: Path) -> None:
    port = free_port()

    async def run(first: subprocess.Popen[bytes]) -> None:
        async def restart() -> None:
            first.kill()
            first.wait()
            again = nats_server(tmp_path, port)
            again.__enter__()
            servers.append(again)

        servers: list[object] = []
        source = NatsBucket(f"nats://127.0.0.1:{port}", "handbill", "test")
        await put(port, b"1")
        try:
            assert await heard(source, restart, 3) >= 3  # the second connection hints by itself
        finally:
            for one in servers:
                one.__exit__(None, None, None)  # type: ignore[attr-defined]

    with nats_server(tmp_path, port) as first:
        asyncio.run(run(first))


def test_a_nats_server_that_sends_a_message_without_end_is_left() -> None:
    all_of_it = 64 * 1024 * 1024
    taken: list[int] = []

    async def serve(reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        sent = 0
        to.write(b'INFO {"server_id":"x","version":"2.10.0","max_payload":1048576,"proto":1}\r\n')
        to.write(b"PONG\r\nMSG _INBOX.x 1 999999999999\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < all_of_it:
                to.write(b"x" * 65536)
                await to.drain()
                sent += 65536
        taken.append(sent)
        done.set()

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        listening = asyncio.create_task(
            NatsBucket(f"nats://127.0.0.1:{port}", "handbill", "test").listen(lambda: None)
        )
        try:
            await asyncio.wait_for(done.wait(), PATIENCE)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            server.close()

    done = asyncio.Event()
    asyncio.run(run())
    assert taken[0] < all_of_it


# ── the publisher's stream ───────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def publisher(
    answer: Callable[[str], AsyncIterator[bytes]], status: int = 200
) -> AsyncIterator[str]:
    """Serves `answer(Last-Event-ID)` as the events of the environment `test`."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import StreamingResponse
    from starlette.routing import Route

    async def events(request: Request) -> StreamingResponse:
        last = request.headers.get("last-event-id", "")
        return StreamingResponse(answer(last), status, media_type="text/event-stream")

    app = Starlette(routes=[Route("/environments/test/events", events)])
    with socket.create_server(("127.0.0.1", 0)) as opened:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[opened]))
        try:
            yield f"http://127.0.0.1:{opened.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            await serving


async def nothing() -> None:
    pass


def event(number: int) -> bytes:
    return b'id: %d\ndata: {"environment": "test", "sequence": %d}\n\n' % (number, number)


def test_each_event_is_a_hint_and_a_stream_that_ends_is_taken_up_where_it_was() -> None:
    asked: list[str] = []

    async def answer(last: str) -> AsyncIterator[bytes]:
        asked.append(last)
        yield event(7 + len(asked))
        yield b": still here\n\n"

    async def run() -> None:
        async with publisher(answer) as url:
            await heard(open_hints(url, "test"), nothing, 6)

    asyncio.run(run())
    assert asked[:3] == ["", "8", "9"]


def test_a_publisher_that_lies_floods_or_sends_junk_gives_hints_and_nothing_else() -> None:
    async def answer(last: str) -> AsyncIterator[bytes]:
        yield b"data: {nonsense\r\ndata\r\rid: \xff\xfe\n\n" + event(10**30)
        for _ in range(100):
            yield event(1)
        yield b"x" * 200_000  # a line without end is not held on to

    async def run() -> None:
        async with publisher(answer) as url:
            await heard(open_hints(url, "test"), nothing, 50)

    asyncio.run(run())


def test_a_publisher_that_refuses_or_hangs_gives_no_hints_and_is_asked_again() -> None:
    asked: list[str] = []

    async def hang(last: str) -> AsyncIterator[bytes]:
        asked.append(last)
        yield b": hello\n\n"
        await asyncio.sleep(NEVER)

    async def run() -> None:
        async with publisher(hang) as url:
            source = EventStream(f"{url}/environments/test/events", silence_seconds=0.1)
            await heard(source, nothing, 3)  # each connection is one hint: what was missed
        assert len(asked) >= 3
        async with publisher(hang, status=503) as url:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(
                    open_hints(url, "test").listen(lambda: asked.append("x")), 0.5
                )
        assert "x" not in asked

    asyncio.run(run())


# ── beneath them ─────────────────────────────────────────────────────────────────────────────────


class Flood:
    async def listen(self, hint: Callable[[], None]) -> None:
        while True:
            hint()
            await asyncio.sleep(0)


class Broken:
    async def listen(self, hint: Callable[[], None]) -> None:
        raise MemoryError("a source with a bug")


def looks(store: FolderStore, source: HintSource, wanted: int, poll: float) -> int:
    async def run() -> int:
        stop, count = asyncio.Event(), 0
        async for _ in pointer_hints(store, "test", stop, poll, [source]):
            count += 1
            if count == wanted:
                stop.set()
        return count

    return asyncio.run(asyncio.wait_for(run(), PATIENCE))


def test_a_source_that_is_broken_leaves_the_poll(tmp_path: Path) -> None:
    assert looks(FolderStore(tmp_path), Broken(), 4, 0.01) == 4


def test_of_a_flood_only_so_much_is_heeded(tmp_path: Path) -> None:
    started = time.monotonic()
    wanted = HINTS_AT_ONCE + 6
    assert looks(FolderStore(tmp_path), Flood(), wanted, NEVER) == wanted
    at_least = (wanted - HINTS_AT_ONCE - 2) / HINTS_PER_SECOND
    assert (
        time.monotonic() - started >= at_least * 0.9
    )  # a bound from below: no machine is too slow


def test_an_allowance_comes_back() -> None:
    allowance = Allowance()
    assert [allowance.take() for _ in range(HINTS_AT_ONCE)] == [0.0] * HINTS_AT_ONCE
    assert 0 < allowance.take() <= 1.5 / HINTS_PER_SECOND


# ── which URL is which ───────────────────────────────────────────────────────────────────────────


def test_a_url_says_what_kind_of_source_it_is() -> None:
    assert open_hints("nats://hub:4222/retail", "prod") == NatsBucket(
        "nats://hub:4222", "retail", "prod"
    )
    assert open_hints("nats://hub", "prod") == NatsBucket("nats://hub", "handbill", "prod")
    stream = open_hints("https://publisher.example/hb/", "prod")
    assert isinstance(stream, EventStream)
    assert stream.url == "https://publisher.example/hb/environments/prod/events"


@pytest.mark.parametrize(
    "url",
    ["", "nats://", "nats://hub/a/b", "ftp://hub", "http://hub?x=1", "http://hub:x", "hub:4222"],
)
def test_another_url_is_told(url: str) -> None:
    with pytest.raises(RuntimeFault) as caught:
        open_hints(url, "prod")
    assert caught.value.code == "HB933" and "nats://" in caught.value.hint
