"""A build with a cache gives what a compile without one gives, whatever was edited, moved or deleted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "source"))

from edited_retailers import Edits, replace, write_retailers

from handbill.diagnostics.order import in_order
from handbill.incremental.build import Builder
from handbill.incremental.cache import Cache
from handbill.incremental.sources import Commit, Result
from handbill.pipeline import Compiled, compile_revision, compile_tree
from handbill.source.working_tree import open_working_tree


def said(compiled: Compiled) -> tuple[object, ...]:
    """Everything that a build says."""
    release = compiled.release
    if release is None:
        return None, in_order(compiled.diagnostics), compiled.environments
    packs = {root: dict(pack) for root, pack in release.packs.items()}
    drafts = {name: dict(each) for name, each in release.drafts.items()}
    about = (release.digest, release.failed, packs, drafts, dict(release.assets))
    return about, in_order(compiled.diagnostics), compiled.environments


def cold(folder: Path) -> Compiled:
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found)


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "gc.auto=0")
    command = ["git", *identity, *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_with_a_cache_and_without(seed: int) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        folder, caches = Path(one), Path(other)
        write_retailers(folder)
        git(folder, "init", "--quiet")
        edits = Edits(folder, seed)
        edits.original = {
            path: data for path, data in edits.original.items() if ".git" not in path.parts
        }
        edits.files = lambda: sorted(  # type: ignore[method-assign]
            path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts
        )
        builder = Builder(Cache(caches))
        for _ in range(5):
            if edits.random.random() < 0.5:
                builder.cache.close()
                builder = Builder(Cache(caches))
            expected = said(cold(folder))
            assert said(builder.folder(folder)) == expected, seed
            git(folder, "add", "--all", "--force")
            git(folder, "commit", "--quiet", "--allow-empty", "--message", "An edit")
            expected = said(compile_revision(folder, "HEAD"))
            assert said(builder.revision(folder, "HEAD")) == expected, seed
            edits.step()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    write_retailers(folder)
    git(folder, "init", "--quiet")
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "An edit")


class Counting(Cache):
    """Counts what was not there."""

    missed: list[tuple[str, ...]]

    def __init__(self, folder: Path) -> None:
        self.missed = []
        super().__init__(folder)

    def get(self, *parts: str) -> bytes | None:
        found = super().get(*parts)
        if found is None and parts[0] not in ("campaigns", "content"):
            self.missed.append(parts[:1] + parts[-3:-2] if parts[0] == "tenant" else parts[:3])
        return found


def test_only_what_changed_is_made_again(folder: Path, tmp_path: Path) -> None:
    commit(folder)
    first = Counting(tmp_path / "cache")
    before = Builder(first).revision(folder, "HEAD")
    assert len(first.missed) > 3
    first.close()
    again = Counting(tmp_path / "cache")
    assert said(Builder(again).revision(folder, "HEAD")) == said(before)
    assert again.missed == []
    replace(folder / "tenants/green/campaigns/hello.yaml", "10:00", "11:00")
    commit(folder)
    after = Builder(again).revision(folder, "HEAD")
    assert [each[:1] for each in again.missed] == [("tenant",), ("campaign",)]
    assert again.missed[-1] == ("campaign", "green", "hello")
    assert after.release is not None and before.release is not None
    assert after.release.digest != before.release.digest
    again.missed.clear()
    assert said(Builder(again).folder(folder)) == said(after)
    assert {each[0] for each in again.missed} == {"tenant"}, "campaigns are remembered by bytes"


def test_what_a_cache_has_lost_meanwhile_is_made_again(folder: Path, tmp_path: Path) -> None:
    commit(folder)
    cache = Cache(tmp_path / "cache")
    compiled = Builder(cache).revision(folder, "HEAD")
    assert cache._database is not None
    cache._database.execute("DELETE FROM entries")
    cache._database.commit()
    assert said(compiled) == said(compile_revision(folder, "HEAD"))


def test_without_a_place_for_a_cache(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert said(Builder(Cache(tmp_path / "file" / "cache")).folder(folder)) == said(cold(folder))


def test_what_can_not_be_told_apart_is_compiled_whole(folder: Path, tmp_path: Path) -> None:
    (folder / "tenants" / "Green").mkdir()
    (folder / "tenants" / "Green" / "tenant.yaml").write_text("name: Green\n")
    commit(folder)
    builder = Builder(Cache(tmp_path / "cache"))
    assert said(builder.revision(folder, "HEAD")) == said(compile_revision(folder, "HEAD"))
    assert said(builder.folder(folder)) == said(cold(folder))


def test_a_revision_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    commit(folder)
    found = Builder(Cache(tmp_path / "cache")).revision(folder, "nowhere")
    assert found == compile_revision(folder, "nowhere")


def test_the_files_of_campaigns(folder: Path, tmp_path: Path) -> None:
    built, whole = Builder(Cache(tmp_path / "cache")).folder(folder), cold(folder)
    for campaign in ("hello", "recall", "winback", "nothing"):
        assert built.file_of("green", campaign) == whole.file_of("green", campaign)
    assert built.file_of("green", "recall") == "groups/harvest/campaigns/recall.yaml"
    assert built.tree and whole.tree and built.tree.paths == whole.tree.paths
    assert built.tree.read("tenants/blue/tenant.yaml") == whole.tree.read(
        "tenants/blue/tenant.yaml"
    )


def test_a_line_of_one_file_opens_one_retailers_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(folder)
    builder = Builder(Cache(tmp_path / "cache"))
    builder.revision(folder, "HEAD")
    opened: list[object] = []
    whole = Commit.open

    def watched(source: Commit, tenants: Collection[str] | None) -> Result:
        opened.append(tenants)
        return whole(source, tenants)

    monkeypatch.setattr(Commit, "open", watched)
    tree = builder.revision(folder, "HEAD").tree
    path = "tenants/blue/tenant.yaml"
    assert tree is not None and tree.read(path) == (folder / path).read_bytes()
    assert len(tree.blob_id(path)) == 40
    assert tree.read("handbill.yaml") == (folder / "handbill.yaml").read_bytes()
    assert opened == [("blue",)]
    for missing in ("tenants/blue/nothing.yaml", "tenants/nobody/tenant.yaml", "nothing.yaml"):
        with pytest.raises(KeyError):
            tree.read(missing)


def test_by_several_processes(folder: Path, tmp_path: Path) -> None:
    """As many tenants as make it worth while, one of them with an error."""
    for number in range(18):
        write_retailers_copy(folder, f"copy{number:02d}")
    spoilt = folder / "tenants/copy03/campaigns/hello.yaml"
    spoilt.write_text(spoilt.read_text() + "subjekt: oops\n")
    commit(folder)
    program = (
        "import sys; from pathlib import Path; from handbill.cli.workers import in_workers\n"
        "from handbill.incremental.build import Builder\n"
        "from handbill.incremental import cache\n"
        "cache.fingerprint = lambda: 'under-test'\n"
        "Cache = cache.Cache\n"
        "cache = Cache(Path(sys.argv[2]))\n"
        "builder = Builder(cache, workers=in_workers, at_once=3)\n"
        "print(builder.revision(Path(sys.argv[1]), 'HEAD').release.digest)\n"
        "cache.close()\n"
    )
    caches = tmp_path / "cache"
    command = [sys.executable, "-c", program, str(folder), str(caches)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    expected = compile_revision(folder, "HEAD")
    assert expected.release is not None and expected.release.failed == ("copy03",)
    assert done.stdout.strip() == expected.release.digest and done.stderr == ""
    cache = Counting(caches)
    assert said(Builder(cache).revision(folder, "HEAD")) == said(expected)
    assert cache.missed == []


def write_retailers_copy(folder: Path, name: str) -> None:
    shutil.copytree(folder / "tenants" / "green", folder / "tenants" / name)


@pytest.mark.parametrize("forgotten", ["rest", "own file", "tenant's files", "shared files"])
def test_a_cache_that_takes_no_notice_would_be_caught(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    """Of one part of what a key is made from."""

    class Stale(Cache):
        def get(self, *parts: str) -> bytes | None:
            return super().get(*stale(parts))

        def put(self, value: bytes, *parts: str) -> None:
            super().put(value, *stale(parts))

    def stale(parts: tuple[str, ...]) -> tuple[str, ...]:
        match forgotten, parts[0]:
            case "rest", "campaign":
                return (*parts[:3], parts[4])
            case "own file", "campaign":
                return parts[:4]
            case "tenant's files", "tenant":
                return parts[:3]
            case "shared files", "tenant":
                return (parts[0], *parts[2:])
            case _:
                return parts

    cache = Stale(tmp_path / "cache")
    edited = {
        "rest": ("tenants/green/tenant.yaml", "America/New_York", "America/Chicago"),
        "shared files": ("channels/email/channel.yaml", "max: 150", "max: 1"),
    }
    file, old, new = edited.get(forgotten, ("tenants/green/campaigns/hello.yaml", "10:00", "11:00"))
    commit(folder)
    assert said(Builder(cache).revision(folder, "HEAD")) == said(cold(folder))
    replace(folder / file, old, new)
    commit(folder)
    sound = Builder(Cache(tmp_path / "sound"))
    assert said(sound.revision(folder, "HEAD")) == said(cold(folder))
    assert said(Builder(cache).revision(folder, "HEAD")) != said(cold(folder))
