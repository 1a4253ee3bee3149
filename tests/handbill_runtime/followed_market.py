"""A runtime that follows the market's store: its first release, edits, and what can be wrong with them."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from market import ENVIRONMENT, NOON, Market

from handbill.publish.keys import generate_key
from handbill.store import dsse
from handbill.store.part import open_part
from handbill.store.pointer import PAYLOAD_TYPE
from handbill.store.receipts import Receipt, read_receipts
from handbill_runtime.follow.follower import Follower


def receipt(market: Market, name: str = "one") -> Receipt:
    return read_receipts(market.store, ENVIRONMENT).receipts[name]


def edit(market: Market, subject: str) -> None:
    market.points(
        f"""
        trigger: {{at: 2026-12-05T12:00, timezone: tenant}}
        message: {{email: {{subject: "{subject}", template: mail.html}}}}
        """
    )


def running(market: Market) -> Follower:
    """A runtime with a first release active."""
    market.publish()
    follower = market.follower()
    follower.start()
    assert follower.active is not None and follower.active.pointer.sequence == 1
    return follower


def flip(path: Path, place: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def tenant_pack(market: Market) -> Path:
    """The pack that only the newest release has."""
    packs = sorted((market.root / "store" / "packs").iterdir(), key=lambda p: p.stat().st_mtime_ns)
    return next(
        path
        for path in reversed(packs)
        if b'"plan"' in open_part(path.name, path.read_bytes()).plain
    )


def flip_a_byte(market: Market) -> None:
    flip(tenant_pack(market))


def truncate_a_pack(market: Market) -> None:
    path = tenant_pack(market)
    path.write_bytes(path.read_bytes()[:-7])


def empty_a_pack(market: Market) -> None:
    tenant_pack(market).write_bytes(b"")


def remove_a_pack(market: Market) -> None:
    tenant_pack(market).unlink()


def swap_two_packs(market: Market) -> None:
    path = tenant_pack(market)
    other = next(each for each in path.parent.iterdir() if each != path)
    path.write_bytes(other.read_bytes())


def flip_the_signature(market: Market) -> None:
    text = market.pointer_file.read_text()
    place = text.index('"sig":"') + 12
    swapped = "A" if text[place] != "A" else "B"
    market.pointer_file.write_text(text[:place] + swapped + text[place + 1 :])


def truncate_the_pointer(market: Market) -> None:
    market.pointer_file.write_bytes(market.pointer_file.read_bytes()[:100])


def sign_with_another_key(market: Market) -> None:
    payload = dsse.verify(market.pointer_file.read_bytes(), PAYLOAD_TYPE, [market.key.public])
    market.pointer_file.write_bytes(dsse.sign(PAYLOAD_TYPE, payload, [generate_key().private]))


def drop_the_signature(market: Market) -> None:
    text = market.pointer_file.read_text()
    start = text.index('"signatures":[') + len('"signatures":[')
    market.pointer_file.write_text(text[:start] + text[text.index("]", start) :])


def take_another_environments(market: Market) -> None:
    market.environment(name="staging")
    market.publish("staging")
    other = market.pointer_file.parents[1] / "staging" / "pointer"
    shutil.copy(other, market.pointer_file)


def let_it_expire(market: Market) -> None:
    market.clock.at = NOON + timedelta(days=31)


def remove_the_pointer(market: Market) -> None:
    market.pointer_file.unlink()
