"""The last good release on this disk: whole or not believed, never older, and never growing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from market import ENVIRONMENT, Market

from handbill.publish.keys import generate_key
from handbill.store.errors import PointerUntrusted, StoreUnavailable
from handbill_runtime.follow.last_good import LastGood


def kept(market: Market, name: str = "one") -> set[str]:
    return {path.name for path in (market.root / "state" / name / "packs").iterdir()}


def published(market: Market) -> set[str]:
    return {path.name for path in (market.root / "store" / "packs").iterdir()}


def triple(market: Market) -> None:
    market.points(
        """
        trigger: {at: 2026-12-05T12:00}
        message: {email: {subject: "Triple points", template: mail.html}}
        """
    )


def test_nothing_is_kept_before_something_was_active(market: Market) -> None:
    assert market.follower().last_good.pointer() is None
    assert not (market.root / "state").exists()


def test_it_is_the_release_that_is_active(market: Market) -> None:
    pointer = market.publish()
    follower = market.follower()
    follower.start()
    stored = follower.last_good.pointer()
    assert stored is not None and stored.pointer == pointer
    assert stored.envelope == market.pointer_file.read_bytes()
    assert kept(market) == published(market)


def test_what_is_no_longer_needed_is_removed(market: Market) -> None:
    market.publish()
    follower = market.follower()
    follower.start()
    before = kept(market)
    triple(market)
    market.publish()
    assert follower.refresh()
    assert len(kept(market)) == len(before) and kept(market) != before
    assert kept(market) < published(market)
    assert not list((market.root / "state" / "one" / "temporary").iterdir())


def test_a_change_of_one_tenant_reads_only_its_pack(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("north", "south"):
        market.tenant(name)
        market.points("trigger: {at: 2026-12-05T12:00}", tenant=name)
    market.publish()
    follower = market.follower()
    follower.start()
    triple(market)
    pointer = market.publish()
    read: list[tuple[Path, str]] = []
    original = follower.store.read

    def note(path: str) -> object:
        read.append((market.root, path))
        return original(path)

    monkeypatch.setattr(follower.store, "read", note)
    here: list[str] = []
    monkeypatch.setattr(follower.last_good.store, "read", _noting(follower.last_good, here))
    assert follower.refresh()
    packs = {path for _, path in read if path.startswith("packs/")}
    assert follower.active is not None
    changed = follower.active.release.tenants["corner"]
    wanted = {changed, pointer.release}  # the settings are here already
    assert packs == {f"packs/{digest.removeprefix('sha256:')}" for digest in wanted}
    unchanged = {follower.active.release.tenants[name] for name in ("north", "south")}
    assert not [path for path in here if f"sha256:{path.rpartition('/')[2]}" in unchanged]


def _noting(last_good: LastGood, paths: list[str]) -> object:
    original = last_good.store.read

    def read(path: str) -> object:
        found = original(path)
        if found is not None:
            paths.append(path)
        return found

    return read


def test_a_damaged_copy_is_written_anew(market: Market) -> None:
    market.publish()
    market.follower().start()
    packs = market.root / "state" / "one" / "packs"
    whole = {path.name: path.read_bytes() for path in packs.iterdir()}
    for path in packs.iterdir():
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))  # as long as before
    again = market.follower()
    again.start()
    assert again.active is not None and again.refusal is None
    assert again.active.tenants["corner"].plans["points"].plan.campaign == "points"
    assert {path.name: path.read_bytes() for path in packs.iterdir()} == whole


def test_a_missing_copy_is_written_anew_by_the_running_process(market: Market) -> None:
    market.publish()
    follower = market.follower()
    follower.start()
    for path in (market.root / "state" / "one" / "packs").iterdir():
        path.unlink()
    triple(market)
    market.publish()
    assert follower.refresh()
    shutil.rmtree(market.root / "store")
    again = market.follower()
    again.start()
    assert again.active is not None and again.active.pointer.sequence == 2


def test_two_runtimes_on_one_folder_keep_the_newer(market: Market) -> None:
    """They share `--state` by mistake: neither breaks what the other keeps."""
    market.publish()
    slow, fast = market.follower(), market.follower()
    slow.start()
    first, envelope = slow.active, market.pointer_file.read_bytes()
    assert first is not None
    triple(market)
    market.publish()
    fast.start()
    after = kept(market)
    slow.last_good.keep(slow.last_good.shelf(slow.store), first, envelope)
    assert kept(market) == after
    stored = fast.last_good.pointer()
    assert stored is not None and stored.pointer.sequence == 2


def test_a_pointer_by_another_key_is_not_believed_and_is_replaced(market: Market) -> None:
    market.publish()
    market.follower().start()
    shutil.rmtree(market.root / "store")
    market.key = generate_key()
    market.publish()
    follower = market.follower()
    with pytest.raises(PointerUntrusted):
        follower.last_good.pointer()
    follower.start()
    assert follower.active is not None and follower.refusal is None
    assert follower.last_good.pointer() is not None


def test_a_folder_that_cannot_be_made_is_told(market: Market, tmp_path: Path) -> None:
    market.publish()
    (tmp_path / "in-the-way").write_text("")
    last_good = LastGood(tmp_path / "in-the-way" / "state", ENVIRONMENT, (market.key.public,))
    with pytest.raises(StoreUnavailable, match="cannot be kept"):
        last_good.keep(
            last_good.shelf(market.store), market.active(), market.pointer_file.read_bytes()
        )


def test_a_crash_between_packs_and_pointer_leaves_the_old_one(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.publish()
    follower = market.follower()
    follower.start()
    triple(market)
    market.publish()

    def crash(files: object, **how: object) -> None:
        if any("pointer" in path for path in files):  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        put(files, **how)

    put = follower.last_good.store.put
    monkeypatch.setattr(follower.last_good.store, "put", crash)
    with pytest.raises(KeyboardInterrupt):
        follower.refresh()
    shutil.rmtree(market.root / "store")
    again = market.follower()
    again.start()
    assert again.active is not None and again.active.pointer.sequence == 1
