"""The delivery benchmark, with a receiver that needs no Postfix."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from benchmarks.customers import write_customers
from benchmarks.delivery import INPUTS, Runs, measure_delivery
from benchmarks.outcome import Setting, Unavailable
from benchmarks.shop import TENANT, compile_shop
from benchmarks.smtp_sink import NoSink, SmtpSink, find_smtp_sink

from benchmarks import delivery

SAMPLE = Path(__file__).parents[2]


class Receiver:
    """Counts mails as smtp-sink does, and keeps them."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port: int = trial.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append((envelope.rcpt_tos[0], envelope.original_content))
        return "250 OK"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    @property
    def received(self) -> int:
        return len(self.mails)

    def await_received(self, count: int) -> None:
        until = time.monotonic() + 10
        while self.received < count and time.monotonic() < until:
            time.sleep(0.01)
        if self.received != count:
            raise NoSink(f"{self.received} instead of {count}")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    started.start()
    yield started
    started.stop()


def test_both_sides_send_the_same_mails_to_the_same_people(
    tmp_path: Path, receiver: Receiver
) -> None:
    shop = compile_shop(
        SAMPLE, tmp_path, [INPUTS / "near-you.yaml"], INPUTS / "mail.html", receiver.port
    )
    write_customers(tmp_path / "data" / TENANT / "customers.parquet", 40)
    runs = Runs(shop, tmp_path, receiver)  # type: ignore[arg-type]
    recorded = sorted(receiver.mails)
    assert 20 < len(recorded) == len(runs.mails) <= 40
    receiver.mails.clear()
    assert runs.bare() > 0
    assert sorted(receiver.mails) == recorded
    receiver.mails.clear()
    assert runs.handbill() > runs.delivery[-1] > 0
    again = sorted(receiver.mails)
    assert [address for address, _ in again] == [address for address, _ in recorded]
    sizes = [abs(len(one[1]) - len(other[1])) for one, other in zip(again, recorded, strict=True)]
    assert max(sizes) < 50


def test_without_smtp_sink_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "find_smtp_sink", lambda: None)
    answer = measure_delivery(Setting(tmp_path, quick=True))
    assert isinstance(answer, Unavailable)
    assert "apt-get install postfix" in answer.remedy


def test_a_machine_without_smtp_sink_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("benchmarks.smtp_sink.PLACES", "/nowhere/else")
    assert find_smtp_sink() is None
    with pytest.raises(NoSink, match="not installed"), SmtpSink():
        pass
