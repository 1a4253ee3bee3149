from __future__ import annotations

from pathlib import Path

import pytest
from sample_release import compiled

from handbill.plan.pointer import Held
from handbill.publish.held import carry_forward
from handbill.store.errors import NotInStore
from handbill.store.folder import FolderStore
from handbill.store.pack import write_packs
from handbill.store.paths import part_path
from handbill.store.release import read_release


def test_a_failed_tenant_keeps_what_it_has(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first = compiled({"fresh": "A", "valle": "B"})
    write_packs(store, first.packs)
    second = compiled({"valle": "B2"}, failed=["fresh", "never"], commit="2" * 40)
    merged = carry_forward(second, second.failed, read_release(store, first.digest), (), store)
    assert merged.release.tenants["fresh"] == first.release.tenants["fresh"]
    assert merged.release.tenants["valle"] == second.release.tenants["valle"]
    assert merged.held == (Held(tenant="fresh", since="2" * 40),)
    assert merged.left_out == ("never",)


def test_held_since_is_the_first_commit_that_held_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first = compiled({"fresh": "A", "valle": "B"})
    write_packs(store, first.packs)
    third = compiled({"valle": "B"}, failed=["fresh"], commit="3" * 40)
    before = (Held(tenant="fresh", since="2" * 40), Held(tenant="valle", since="1" * 40))
    merged = carry_forward(third, third.failed, read_release(store, first.digest), before, store)
    assert merged.held == (Held(tenant="fresh", since="2" * 40),)


def test_nothing_failed_is_the_compiled_release_itself(tmp_path: Path) -> None:
    release = compiled({"fresh": "A"})
    merged = carry_forward(release, (), None, (), FolderStore(tmp_path))
    assert merged.digest == release.digest
    assert merged.objects == release.packs[release.digest]


def test_a_channel_that_only_a_held_tenant_uses_stays(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first = compiled({"fresh": "A", "valle": "B"}, channels={"fresh": "sms"})
    write_packs(store, first.packs)
    second = compiled({"valle": "B2"}, failed=["fresh"])
    merged = carry_forward(second, second.failed, read_release(store, first.digest), (), store)
    assert sorted(merged.release.channels) == ["push", "sms"]
    assert merged.release.channels["sms"] in merged.objects
    recovered = compiled({"fresh": "A", "valle": "B2"})
    assert sorted(recovered.release.channels) == ["push"]


def test_what_cannot_be_read_cannot_be_carried(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first = compiled({"fresh": "A"})
    write_packs(store, first.packs)
    (tmp_path / part_path(first.release.tenants["fresh"])).unlink()
    second = compiled({}, failed=["fresh"])
    with pytest.raises(NotInStore):
        carry_forward(second, second.failed, read_release(store, first.digest), (), store)


def test_plans_of_another_version_are_not_carried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every runtime of this version would refuse them."""
    store = FolderStore(tmp_path)
    first = compiled({"fresh": "A", "valle": "B"})
    write_packs(store, first.packs)
    second = compiled({"valle": "B2"}, failed=["fresh", "never"])
    previous = read_release(store, first.digest)
    monkeypatch.setattr("handbill.publish.held.OPERATION_SET", 99)
    merged = carry_forward(second, second.failed, previous, (), store)
    assert set(merged.release.tenants) == {"valle"}
    assert (merged.held, merged.left_out, merged.outdated) == ((), ("never",), ("fresh",))
