"""One process for many objects: real repositories, objects that git dies of, forked processes."""

from __future__ import annotations

import os
import pathlib
import signal
from collections.abc import Callable

import pytest

from handbill.source import object_process
from handbill.source.git import HARDENED
from handbill.source.git_objects import Answer, OtherKind, TooLarge, TreeEntry, Wanted
from handbill.source.object_process import MissingTree, ObjectProcess

Git = Callable[..., bytes]


@pytest.fixture
def objects(tmp_path: pathlib.Path, git: Git) -> ObjectProcess:
    environment = {**os.environ, **HARDENED, "GIT_DIR": str(tmp_path / ".git")}
    return ObjectProcess(environment)


def blob(git: Git, content: bytes) -> str:
    return git("hash-object", "-w", "--stdin", given=content).strip().decode()


def read(objects: ObjectProcess, *ids: str, limit: int = 1_000) -> list[Answer]:
    return objects.read([Wanted(each, "blob", limit) for each in ids])


def process_id(objects: ObjectProcess) -> int:
    assert objects._process is not None
    return objects._process.pid


def test_more_blobs_than_are_asked_for_at_once(objects: ObjectProcess, git: Git) -> None:
    contents = [f"text {number}".encode() for number in range(20)]
    ids = [blob(git, each) for each in contents] * 30
    assert len(ids) > 2 * object_process._AT_ONCE
    assert read(objects, *ids) == contents * 30


def test_kinds_sizes_and_what_is_not_there(
    tmp_path: pathlib.Path, objects: ObjectProcess, git: Git
) -> None:
    (tmp_path / "a.yaml").write_text("x: 1\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "All")
    one = blob(git, b"x: 1\n")
    commit, tree = (git("rev-parse", each).strip().decode() for each in ("HEAD", "HEAD^{tree}"))
    for _ in range(2):
        assert read(objects, one, "0" * 40, tree) == [b"x: 1\n", None, OtherKind("tree")]
        assert read(objects, one, limit=2) == [TooLarge(5)]
        assert objects.read([Wanted(one, "tree", 10)]) == [OtherKind("blob")]
        assert objects.tree(tree) == (TreeEntry("100644", "a.yaml", one),)
        assert objects.tree_of_commit(commit) == tree
        assert objects.tree_of_commit(one) is None and objects.tree_of_commit("0" * 40) is None
        for other in (one, commit, "0" * 40):
            with pytest.raises(MissingTree):
                objects.tree(other)


def test_a_tree_that_is_none(objects: ObjectProcess, git: Git) -> None:
    odd = git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=b"100644")
    with pytest.raises(MissingTree):
        objects.tree(odd.strip().decode())


def test_an_object_that_git_dies_of(
    tmp_path: pathlib.Path, objects: ObjectProcess, git: Git
) -> None:
    """Its header says what it is, and then nothing can be unpacked."""
    before, bad, after = (blob(git, os.urandom(50_000).hex().encode()) for _ in range(3))
    loose = tmp_path / ".git" / "objects" / bad[:2] / bad[2:]
    data = bytearray(loose.read_bytes())
    data[len(data) // 2 :] = b"\0" * (len(data) - len(data) // 2)
    loose.chmod(0o644)
    loose.write_bytes(data)
    answers = read(objects, before, bad, after, bad, limit=200_000)
    assert [each is None for each in answers] == [False, True, False, True]
    assert isinstance(answers[0], bytes) and len(answers[0]) == 100_000


def test_a_process_that_was_killed_is_started_again(objects: ObjectProcess, git: Git) -> None:
    one, other = blob(git, b"one"), blob(git, b"other")
    assert read(objects, one) == [b"one"]
    killed = process_id(objects)
    os.kill(killed, signal.SIGKILL)
    assert read(objects, other) == [b"other"]
    assert process_id(objects) != killed


def test_what_is_committed_later_is_found(objects: ObjectProcess, git: Git) -> None:
    assert read(objects, blob(git, b"one")) == [b"one"]
    first = process_id(objects)
    assert read(objects, blob(git, b"another")) == [b"another"]
    assert process_id(objects) == first


def test_a_fork_has_a_process_of_its_own(objects: ObjectProcess, git: Git) -> None:
    one, other = blob(git, b"one"), blob(git, b"other")
    assert read(objects, one) == [b"one"]
    first = process_id(objects)
    child = os.fork()
    if not child:
        sound = read(objects, other) == [b"other"] and process_id(objects) != first
        os._exit(0 if sound else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert read(objects, other) == [b"other"]
    assert process_id(objects) == first


def test_what_is_kept_is_bounded(
    objects: ObjectProcess, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_process, "_KEPT_BYTES", 100)
    monkeypatch.setattr(object_process, "_TREES", 1)
    contents = [f"{number}".encode() * 40 for number in range(5)]
    ids = [blob(git, each) for each in contents]
    for _ in range(2):
        for one, content in zip(ids, contents, strict=True):
            assert read(objects, one) == [content]
            assert sum(map(len, objects._blobs.values())) <= 100
    trees = [git("mktree", given=f"100644 blob {each}\ta\n".encode()) for each in ids[:3]]
    for tree in trees:
        assert len(objects.tree(tree.strip().decode())) == 1
        assert len(objects._trees) == 1


def test_its_process_ends_with_it(objects: ObjectProcess, git: Git, tmp_path: pathlib.Path) -> None:
    mine = ObjectProcess({**os.environ, **HARDENED, "GIT_DIR": str(tmp_path / ".git")})
    assert read(mine, blob(git, b"one")) == [b"one"]
    process = mine._process
    assert process is not None and process.poll() is None
    del mine
    assert process.poll() == 0
