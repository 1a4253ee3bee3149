"""With a memory the same release comes out, whatever was edited, moved, deleted or taken back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from edited_retailers import TENANTS, Edits, replace, write_retailers

from handbill.diagnostics.order import in_order
from handbill.pipeline import compile_tree
from handbill.source.memory import FORGETFUL, Memory, TenantKey, keys_of
from handbill.source.working_tree import open_working_tree

T = TypeVar("T")
SHARED_STAGES = ("channels", "vocabulary", "lower channels")


def outcome(folder: Path, memory: Memory | None) -> tuple[object, ...]:
    """Everything that a compile says, digests and findings alike."""
    tree, found = open_working_tree(folder)
    assert tree is not None
    compiled = compile_tree(tree, found, memory)
    release = compiled.release
    packs = release and {root: dict(pack) for root, pack in release.packs.items()}
    return release and release.digest, release and release.failed, packs, in_order(
        compiled.diagnostics
    )  # fmt: skip


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_with_a_memory_and_without(seed: int) -> None:
    with TemporaryDirectory() as name:
        folder, memory = Path(name), Memory()
        write_retailers(folder)
        edits = Edits(folder, seed)
        assert outcome(folder, memory) == outcome(folder, None)
        for _ in range(8):
            edits.step()
            assert outcome(folder, memory) == outcome(folder, None), seed


@pytest.mark.parametrize(
    "wrong",
    ["parse", "check", "resolve", "resolve campaign", "lower", "lower campaign", *SHARED_STAGES],
)
def test_a_memory_that_takes_no_notice_would_be_caught(tmp_path: Path, wrong: str) -> None:
    """One that looks at the name alone, in any of the stages."""

    class Stale(Memory):
        def recall(self, stage: str, key: Hashable, make: Callable[[], T]) -> T:
            return super().recall(stage, named(stage, make) if stage == wrong else key, make)

    for seed in range(40):
        folder = tmp_path / str(seed)
        write_retailers(folder)
        if _notices(Edits(folder, seed), Stale()):
            return
    pytest.fail("nobody noticed")


def _notices(edits: Edits, memory: Memory) -> bool:
    for _ in range(3):
        expected = outcome(edits.folder, None)
        try:
            if outcome(edits.folder, memory) != expected:
                return True
        except KeyError:  # the next stage found what it took for granted missing
            return True
        edits.step()
    return False


def named(stage: str, make: Callable[[], object]) -> str:
    """The file or the tenant that `make` is about."""
    if stage in SHARED_STAGES:
        return stage
    first, *_, last = make.args  # type: ignore[attr-defined]
    match stage:
        case "parse":
            return str(last)
        case "check":
            return str(first.file)
        case "resolve":
            return str(make.args[3].place.name)  # type: ignore[attr-defined]
        case "resolve campaign":
            return f"{first.tenant}/{make.args[1]}"  # type: ignore[attr-defined]
        case "lower campaign":
            return f"{first.tenant}/{first.name}"
        case _:
            return str(first.name)


def test_what_is_edited_is_sound_at_first(tmp_path: Path) -> None:
    write_retailers(tmp_path)
    _, failed, packs, found = outcome(tmp_path, None)
    assert (failed, found) == ((), ())
    assert len(packs) == 1 + len(TENANTS)  # type: ignore[arg-type]


def test_the_edits_reach_every_way_to_fail(tmp_path: Path) -> None:
    """Else the comparison above would compare nothing."""
    write_retailers(tmp_path)
    edits, seen = Edits(tmp_path, 3), set()
    ways = {(True, False, False), (False, True, False), (False, False, True)}
    for _ in range(40):
        edits.step()
        digest, failed, _, _ = outcome(tmp_path, None)
        seen.add((digest is None, bool(failed), failed == ()))
        if seen == ways:
            return
    pytest.fail(f"only {seen}")


def test_only_what_changed_is_looked_at_again(tmp_path: Path) -> None:
    made: dict[str, list[str]] = {}

    class Counting(Memory):
        def recall(self, stage: str, key: Hashable, make: Callable[[], T]) -> T:
            def counted() -> T:
                made.setdefault(stage, []).append(named(stage, make))
                return make()

            return super().recall(stage, key, counted)

    memory = Counting()

    def compile_now() -> dict[str, list[str]]:
        made.clear()
        outcome(tmp_path, memory)
        return dict(made)

    write_retailers(tmp_path)
    everything = compile_now()
    assert everything["resolve"] == everything["lower"] == sorted(TENANTS)
    assert len(everything["parse"]) == len(everything["check"]) > 10
    assert compile_now() == {}
    assert {"green/hello", "green/winback"} < set(everything["lower campaign"])
    file = "tenants/green/campaigns/hello.yaml"
    replace(tmp_path / file, "10:00", "11:00")
    assert compile_now() == {
        "parse": [file],
        "check": [file],
        "resolve": ["green"],
        "resolve campaign": ["green/hello"],
        "lower": ["green"],
        "lower campaign": ["green/hello"],
    }
    channel = "channels/email/channel.yaml"
    replace(tmp_path / channel, "max: 150", "max: 151")
    after = compile_now()
    assert after["parse"] == [channel]
    assert after["check"] == everything["check"], "a channel says what every message may hold"
    assert after["resolve"] == after["lower"] == sorted(TENANTS)
    assert after["lower campaign"] == everything["lower campaign"]
    replace(tmp_path / file, "11:00", "10:00")
    assert compile_now()["lower campaign"] == ["green/hello"]
    replace(tmp_path / "tenants/green/tenant.yaml", "group: harvest", "group: harvest # again")
    assert compile_now()["lower campaign"] == ["green/hello", "green/recall", "green/winback"]


def test_nothing_older_than_the_last_compile_is_kept() -> None:
    made: list[str] = []

    def make(name: str) -> Callable[[], None]:
        return lambda: made.append(name)

    memory = Memory()
    memory.recall("lower", "a", make("a"))
    memory.recall("lower", "a", make("a again"))
    memory.forget_unused()
    memory.recall("lower", "b", make("b"))
    memory.recall("resolve", "b", make("b, in another stage"))
    memory.forget_unused()
    memory.recall("lower", "b", make("b again"))
    memory.recall("lower", "a", make("a anew"))
    assert made == ["a", "b", "b, in another stage", "a anew"]


def test_what_was_found_empty_is_remembered_too() -> None:
    memory, made = Memory(), []
    for _ in range(2):
        memory.recall("check", "a", lambda: made.append("a"))
    assert made == ["a"]


def test_what_was_made_on_the_way_is_kept_with_it() -> None:
    made: list[str] = []
    memory = Memory()

    def tenant(name: str) -> Callable[[], object]:
        return lambda: memory.recall("campaign", "hello", lambda: made.append(name))

    for key in ("monday", "monday", "monday", "tuesday"):
        memory.recall("tenant", key, tenant(key))
        memory.forget_unused()
    assert made == ["monday"]
    memory.forget_unused()
    memory.recall("tenant", "wednesday", tenant("wednesday"))
    assert made == ["monday", "wednesday"]


def test_what_failed_is_made_again() -> None:
    memory = Memory()
    with pytest.raises(ZeroDivisionError):
        memory.recall("lower", "a", lambda: 1 // 0)
    assert memory.recall("lower", "a", lambda: 1) == 1
    memory.forget_unused()
    assert memory.recall("lower", "a", lambda: 2) == 1


def test_without_a_memory_everything_is_made() -> None:
    assert FORGETFUL.of_file("parse", "a.yaml", lambda: 1) == 1
    assert FORGETFUL.of_tenant("lower", "a", lambda: 2) == 2
    assert FORGETFUL.of_campaign("lower campaign", "a", "b", lambda: 3) == 3


def keys(folder: Path) -> dict[str, TenantKey]:
    tree, _ = open_working_tree(folder)
    assert tree is not None
    return keys_of(tree).tenants


def test_a_key_is_of_names_and_bytes(tmp_path: Path) -> None:
    write_retailers(tmp_path)
    first = keys(tmp_path)
    assert list(first) == sorted(TENANTS)
    campaign = tmp_path / "tenants/blue/campaigns/hello.yaml"
    campaign.rename(campaign.with_name("hallo.yaml"))
    renamed = keys(tmp_path)
    assert {name for name in first if renamed[name] != first[name]} == {"blue"}
    campaign.with_name("hallo.yaml").rename(campaign)
    campaign.touch()
    assert keys(tmp_path) == first
    (tmp_path / "README.md").write_text("not read")
    assert keys(tmp_path) == first


def test_a_file_that_is_refused_counts(tmp_path: Path) -> None:
    """It has no bytes that count, and the tenant is not whole without it."""
    write_retailers(tmp_path)
    first, memory = keys(tmp_path), Memory()
    outcome(tmp_path, memory)
    (tmp_path / "tenants/blue/campaigns/linked.yaml").symlink_to("hello.yaml")
    after = keys(tmp_path)
    assert {name for name in first if after[name] != first[name]} == {"blue"}
    assert outcome(tmp_path, memory) == outcome(tmp_path, None)
    assert outcome(tmp_path, memory)[1] == ("blue",)
