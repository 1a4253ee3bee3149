"""Ten thousand random damages of a large release: none is activated, and none can be read as it.

Each damaged file is asked of the functions by which a runtime reads its kind of file; every hundredth
damage is shown to a whole runtime as well. Seeds are fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pytest
from damage import POINTER, Damaged, HarnessBroken, Shown, Verdict, show
from held_store import HeldStore, files_of
from market import Market
from planted import compare_no_digest
from random_damage import KINDS, Files, Kind, flips, random_damages

from handbill.store.errors import StoreError
from handbill.store.release import read_environment, read_release, read_tenant

RETAILERS, CAMPAIGNS = 12, 8
STORES = 9_000
COUNT = 10_000
SHOWN_EVERY = 100
SEED = 5


def subject(retailer: int, campaign: int, edition: str) -> str:
    return f"{edition} {('points', 'deals', 'soups')[campaign % 3]} {retailer}-{campaign}"


def write_market(market: Market, edition: str) -> None:
    """Retailers with campaigns of their own; one has a table that fills more than one file."""
    names = [f"shop{number:02d}" for number in range(RETAILERS)]
    for number, name in enumerate(names):
        if edition == "First":
            market.tenant(name)
        for campaign in range(CAMPAIGNS):
            text = subject(number, campaign, edition)
            market.points(
                f"""
                trigger: {{at: 2026-12-05T12:{campaign:02d}, timezone: tenant}}
                message: {{email: {{subject: "{text}", template: mail.html}}}}
                """,
                f"campaign-{campaign}",
                name,
            )
    rows = "\n".join(f"store-{n:05d},{edition} {n * 7919 % 99991} Street" for n in range(STORES))
    market.write(f"tenants/{names[0]}/data/stores.csv", f"id,name\nmain,Main\n{rows}\n")


@dataclass
class Large:
    shown: Shown
    store: HeldStore
    files: Files
    reading: Mapping[str, Callable[[], object]]
    """Path → what a runtime calls to read that file in `store`."""

    def damages(self, count: int, kinds: Mapping[str, Kind] = KINDS) -> Iterator[Damaged]:
        return random_damages(self.files, self.shown.read, count, SEED, kinds)

    def judge(self, damages: Iterable[Damaged]) -> Verdict:
        """Reads one damaged file at a time. A runtime is shown the pointers, and some of the rest."""
        verdict, whole = Verdict(), []
        for number, damaged in enumerate(damages):
            if damaged.data == self.files.sound[damaged.path]:
                verdict.ineffective += 1
                continue
            if damaged.path == POINTER or number % SHOWN_EVERY == 0:
                whole.append(damaged)
            if damaged.path != POINTER:
                self._read(damaged, verdict)
        return verdict.with_(self.shown.judge(sorted(whole, key=lambda damaged: damaged.path)))

    def _read(self, damaged: Damaged, verdict: Verdict) -> None:
        store = self.store
        store.files[damaged.path] = damaged.data
        try:
            self.reading[damaged.path]()
            verdict.activated.append(damaged)
        except StoreError as error:
            verdict.refused += 1
            verdict.codes[error.code] += 1
        finally:
            store.files[damaged.path] = self.files.sound[damaged.path]


def reading_of(shown: Shown, store: HeldStore) -> dict[str, Callable[[], object]]:
    """Which call reads which file is seen from what the calls read in the sound store."""
    pointer = shown.newest.pointer
    calls: list[Callable[[], object]] = [
        partial(read_environment, store, pointer.environment_digest),
        partial(read_release, store, pointer.release),
        *(partial(read_tenant, store, each) for each in shown.newest.release.tenants.values()),
    ]
    reading: dict[str, Callable[[], object]] = {}
    for call in calls:
        store.reads.clear()
        call()
        reading |= dict.fromkeys(store.reads, call)
    return reading


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    market = Market(tmp_path_factory.mktemp("large"))
    write_market(market, "First")
    market.publish()
    old = files_of(market.root / "store")
    shown = show(market, lambda: write_market(market, "Second"))
    other = Market(tmp_path_factory.mktemp("foreign"))
    other.publish()
    foreign = {
        path: data
        for path, data in files_of(other.root / "store").items()
        if path not in shown.sound or path == POINTER
    }
    store = HeldStore(dict(shown.sound))
    return Large(shown, store, Files(_whole(shown), old, foreign), reading_of(shown, store))


def _whole(shown: Shown) -> dict[str, bytes]:
    return {path: shown.sound[path] for path in shown.read}


def test_no_random_damage_is_activated(large: Large) -> None:
    verdict = large.judge(large.damages(COUNT))
    assert verdict.activated == []
    verdict.refuse_ineffective()
    assert verdict.refused > 0.95 * COUNT


def test_the_large_release_has_files_of_every_kind(large: Large) -> None:
    assert set(large.reading) == set(large.shown.read) - {POINTER}
    assert len(large.reading) >= RETAILERS + 2
    assert large.shown.newest.plans == RETAILERS * CAMPAIGNS + 1


def test_every_kind_of_damage_is_drawn(large: Large) -> None:
    drawn = {damaged.what.partition(",")[0] for damaged in large.damages(300)}
    assert drawn == set(KINDS)


# ── the harness can fail ─────────────────────────────────────────────────────────────────────────


def test_a_reader_that_compares_no_digest_is_caught(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare_no_digest(monkeypatch)
    flipped = (each for each in large.damages(400, {"flips": flips}) if each.path != POINTER)
    assert large.judge(flipped).activated


def test_a_generator_that_damages_nothing_is_caught(large: Large) -> None:
    verdict = large.judge(large.damages(50, {"nothing": lambda chance, data, files: data}))
    assert (verdict.ineffective, verdict.refused) == (50, 0)
    with pytest.raises(HarnessBroken, match="50 of 50"):
        verdict.refuse_ineffective()
