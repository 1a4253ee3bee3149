"""Reading a commit: real repositories, hostile entries."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from handbill.source.git import open_revision

Write = Callable[[str, str], pathlib.Path]
Git = Callable[..., bytes]


@pytest.fixture
def committed(git: Git, write: Write) -> Git:
    write("handbill.yaml", "categories: {a: {class: marketing}}\n")
    write("tenants/ff/tenant.yaml", "name: First\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "First")
    return git


def add_entry(git: Git, mode: str, path: str, content: bytes) -> None:
    blob = git("hash-object", "-w", "--stdin", given=content).strip()
    git("update-index", "--add", "-z", "--index-info", given=mode.encode() + b" " + blob + b"\t" + path.encode() + b"\0")  # fmt: skip
    git("commit", "--quiet", "--message", "More")


def test_reads_the_commit_and_not_the_folder(
    tmp_path: pathlib.Path, committed: Git, write: Write
) -> None:
    write("tenants/ff/tenant.yaml", "name: Second\n")
    tree, found = open_revision(tmp_path, "main")
    assert tree and found == ()
    assert tree.read("tenants/ff/tenant.yaml") == b"name: First\n"


def test_branches_tags_and_ancestors(tmp_path: pathlib.Path, committed: Git, write: Write) -> None:
    committed("tag", "v1")
    write("tenants/ff/tenant.yaml", "name: Second\n")
    committed("commit", "--all", "--quiet", "--message", "Second")
    names = {}
    for revision in ("HEAD", "main", "v1", "HEAD~1", "v1^0"):
        tree, _ = open_revision(tmp_path, revision)
        assert tree
        names[revision] = tree.read("tenants/ff/tenant.yaml")
    second, first = b"name: Second\n", b"name: First\n"
    assert names == {"HEAD": second, "main": second, "v1": first, "HEAD~1": first, "v1^0": first}


@pytest.mark.parametrize(
    "revision", ["--help", "-n1", "", "a b", "main:handbill.yaml", "x\n", "a*", "a?"]
)
def test_what_cannot_be_a_revision(tmp_path: pathlib.Path, committed: Git, revision: str) -> None:
    tree, (found,) = open_revision(tmp_path, revision)
    assert tree is None
    assert found.code == "HB102"


@pytest.mark.parametrize("branch", ["fix/#12", "été", "a=b", "100%"])
def test_branches_by_the_names_that_git_lets_them_have(
    tmp_path: pathlib.Path, committed: Git, branch: str
) -> None:
    committed("branch", branch)
    tree, found = open_revision(tmp_path, branch)
    assert tree is not None and found == ()


@pytest.mark.parametrize("revision", ["mian", "v9", "HEAD~9", "0" * 40, "HEAD^{tree}"])
def test_unknown_revisions(tmp_path: pathlib.Path, committed: Git, revision: str) -> None:
    tree, (found,) = open_revision(tmp_path, revision)
    assert tree is None
    assert found.code == "HB103"


def test_no_commit_yet(tmp_path: pathlib.Path, git: Git) -> None:
    assert open_revision(tmp_path, "HEAD")[1][0].code == "HB103"


def test_no_repository(tmp_path: pathlib.Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        tree, (found,) = open_revision(folder, "HEAD")
        assert tree is None
        assert found.code == "HB101"


def test_a_configuration_in_a_subfolder(tmp_path: pathlib.Path, git: Git, write: Write) -> None:
    write("shop/config/handbill.yaml", "categories: {a: {class: marketing}}\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "First")
    named, _ = open_revision(tmp_path, "HEAD", "shop/config")
    inside, _ = open_revision(tmp_path / "shop" / "config", "HEAD")
    assert named and inside
    assert named.paths == inside.paths == ("handbill.yaml",)
    tree, (found,) = open_revision(tmp_path, "HEAD", "shop/other")
    assert (tree, found.code) == (None, "HB104")


def test_a_bare_repository(tmp_path: pathlib.Path, committed: Git) -> None:
    bare = tmp_path / "bare.git"
    committed("clone", "--quiet", "--bare", str(tmp_path), str(bare))
    tree, found = open_revision(bare, "main")
    assert tree and found == ()
    assert "tenants/ff/tenant.yaml" in tree.paths


def test_links_and_submodules_are_left_out(tmp_path: pathlib.Path, committed: Git) -> None:
    add_entry(committed, "120000", "tenants/ff/campaigns/a.yaml", b"/etc/passwd")
    tree, (found,) = open_revision(tmp_path, "HEAD")
    assert tree and "tenants/ff/campaigns/a.yaml" not in tree.paths
    assert (found.code, found.tenant) == ("HB105", "ff")
    one = f"160000 {'1' * 40}\ttenants/sub\0".encode()
    committed("update-index", "--add", "-z", "--index-info", given=one)
    committed("commit", "--quiet", "--message", "Submodule")
    assert {one.code for one in open_revision(tmp_path, "HEAD")[1]} == {"HB105", "HB106"}


def test_a_link_elsewhere_is_nobodys_business(tmp_path: pathlib.Path, committed: Git) -> None:
    add_entry(committed, "120000", "docs/latest", b"v2")
    assert open_revision(tmp_path, "HEAD")[1] == ()


def test_odd_modes(tmp_path: pathlib.Path, committed: Git) -> None:
    blob = bytes.fromhex(committed("hash-object", "-w", "--stdin", given=b"x: 1\n").decode())
    raw = b"060000 handbill.yaml\0" + blob
    tree_id = committed("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=raw)
    commit = committed("commit-tree", "-m", "Odd", tree_id.decode().strip()).decode().strip()
    _, found = open_revision(tmp_path, commit)
    assert [one.code for one in found] == ["HB106", "HB114"]


def test_large_files_are_left_out_and_the_rest_is_read(
    tmp_path: pathlib.Path, committed: Git, write: Write
) -> None:
    write("tenants/ff/campaigns/large.yaml", "# " + "x" * 300_000)
    write("tenants/ff/data/stores.csv", "id\n" + "a\n" * 200_000)
    committed("add", "--all")
    committed("commit", "--quiet", "--message", "Large")
    tree, (found,) = open_revision(tmp_path, "HEAD")
    assert tree and found.code == "HB110"
    assert "tenants/ff/campaigns/large.yaml" not in tree.paths
    assert len(tree.read("tenants/ff/data/stores.csv")) == 400_003
    assert tree.read("tenants/ff/tenant.yaml") == b"name: First\n"


def test_content_that_is_not_there(tmp_path: pathlib.Path, committed: Git, write: Write) -> None:
    write("tenants/ff/campaigns/lost.yaml", "status: draft\n")
    committed("add", "--all")
    committed("commit", "--quiet", "--message", "Lost")
    blob = committed("rev-parse", "HEAD:tenants/ff/campaigns/lost.yaml").decode().strip()
    (tmp_path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    tree, (found,) = open_revision(tmp_path, "HEAD")
    assert tree and found.code == "HB111"
    assert tree.paths == ("handbill.yaml", "tenants/ff/tenant.yaml")


def test_damaged_content(tmp_path: pathlib.Path, committed: Git, write: Write) -> None:
    write("tenants/ff/campaigns/damaged.yaml", "status: draft\n")
    committed("add", "--all")
    committed("commit", "--quiet", "--message", "Damaged")
    blob = committed("rev-parse", "HEAD:tenants/ff/campaigns/damaged.yaml").decode().strip()
    loose = tmp_path / ".git" / "objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"not zlib")
    tree, found = open_revision(tmp_path, "HEAD")
    assert tree and {one.code for one in found} == {"HB111"}
    assert "tenants/ff/campaigns/damaged.yaml" not in tree.paths


def test_no_git_at_all(
    tmp_path: pathlib.Path, committed: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "git", None)
    tree, (found,) = open_revision(tmp_path, "HEAD")
    assert (tree, found.code, found.message) == (None, "HB101", "there is no git on this computer")


def test_replaced_objects_do_not_count(
    tmp_path: pathlib.Path, committed: Git, write: Write
) -> None:
    before = committed("rev-parse", "HEAD:tenants/ff/tenant.yaml").decode().strip()
    other = committed("hash-object", "-w", "--stdin", given=b"name: Foreign\n").decode().strip()
    committed("replace", before, other)
    tree, _ = open_revision(tmp_path, "HEAD")
    assert tree and tree.read("tenants/ff/tenant.yaml") == b"name: First\n"


def test_hooks_of_another_repository_do_not_lead_astray(
    tmp_path: pathlib.Path, committed: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    tree, _ = open_revision(tmp_path, "HEAD")
    assert tree and "handbill.yaml" in tree.paths


def test_unknown_paths_are_not_read(tmp_path: pathlib.Path, committed: Git) -> None:
    tree, _ = open_revision(tmp_path, "HEAD")
    assert tree
    with pytest.raises(KeyError):
        tree.read("tenants/ff/absent.yaml")


# ── objects and entries that no git client makes ─────────────────────────────────────────────────


def written(git: Git, kind: str, content: bytes) -> str:
    given = git("hash-object", "-t", kind, "-w", "--literally", "--stdin", given=content)
    return given.decode().strip()


def with_entry(git: Git, tree: str, folders: list[bytes], entry: tuple[bytes, bytes, str]) -> str:
    """`tree` with one more raw entry (mode, name, object) in the folder at `folders`."""
    raw = git("cat-file", "tree", tree)
    if not folders:
        mode, name, object_id = entry
        return written(git, "tree", raw + mode + b" " + name + b"\0" + bytes.fromhex(object_id))
    head = b"40000 " + folders[0] + b"\0"
    start = raw.index(head) + len(head)
    inner = with_entry(git, raw[start : start + 20].hex(), folders[1:], entry)
    return written(git, "tree", raw[:start] + bytes.fromhex(inner) + raw[start + 20 :])


def committed_with(git: Git, folders: bytes, entry: tuple[bytes, bytes, str]) -> str:
    root = git("rev-parse", "HEAD^{tree}").decode().strip()
    tree = with_entry(git, root, folders.split(b"/") if folders else [], entry)
    return git("commit-tree", "-m", "Odd", tree).decode().strip()


@pytest.mark.parametrize("kind", ["commit", "tree", "tag"])
def test_an_object_of_another_type_gives_no_bytes_to_others(
    tmp_path: pathlib.Path, committed: Git, write: Write, kind: str
) -> None:
    """Its content looks like git's own answer for the next file."""
    write("tenants/gg/tenant.yaml", "name: Next\n")
    committed("add", "--all")
    committed("commit", "--quiet", "--message", "Next")
    victim = committed("rev-parse", "HEAD:tenants/gg/tenant.yaml").strip()
    fake = victim + b" blob 8\nSPOOFED\n\n"
    odd = written(committed, kind, fake)
    commit = committed_with(committed, b"tenants/ff", (b"100644", b"vendored.yaml", odd))
    assert open_revision(tmp_path, commit)[1][0].code == "HB112"  # read by nothing
    write("tenants/ff/campaigns/a.yaml", "status: draft\n")
    committed("add", "--all")
    committed("commit", "--quiet", "--message", "Folder")
    commit = committed_with(committed, b"tenants/ff/campaigns", (b"100644", b"b.yaml", odd))
    tree, (found,) = open_revision(tmp_path, commit)
    assert tree
    assert (found.code, found.tenant) == ("HB106", "ff")
    assert "tenants/ff/campaigns/b.yaml" not in tree.paths
    assert tree.read("tenants/gg/tenant.yaml") == b"name: Next\n"
    assert tree.read("tenants/ff/tenant.yaml") == b"name: First\n"


@pytest.mark.parametrize(
    ("folders", "name", "code"),
    [
        (b"tenants/ff", b"tenant.yaml", "HB109"),
        (b"tenants", b"ff/campaigns/evil.yaml", "HB108"),
        (b"", b"tenants/ff/tenant.yaml", "HB108"),
        (b"tenants/ff", b"..", "HB108"),
        (b"tenants/ff", b".", "HB108"),
        (b"tenants/ff", b".GIT", "HB108"),
    ],
)
def test_entries_that_no_checkout_could_make(
    tmp_path: pathlib.Path, committed: Git, folders: bytes, name: bytes, code: str
) -> None:
    evil = written(committed, "blob", b"name: Evil\n")
    commit = committed_with(committed, folders, (b"100644", name, evil))
    tree, found = open_revision(tmp_path, commit)
    assert tree
    assert (found[0].code, found[0].tenant) == (code, "ff")
    for path in tree.paths:
        assert b"Evil" not in tree.read(path)


def test_the_same_folder_twice(tmp_path: pathlib.Path, committed: Git) -> None:
    evil = written(committed, "blob", b"name: Evil\n")
    inner = written(committed, "tree", b"100644 tenant.yaml\0" + bytes.fromhex(evil))
    commit = committed_with(committed, b"tenants", (b"40000", b"ff", inner))
    tree, found = open_revision(tmp_path, commit)
    assert tree and tree.paths == ("handbill.yaml",)
    assert "tenants/ff/tenant.yaml" in tree.refused  # so the tenant is held, not taken down
    assert (found[0].code, found[0].tenant) == ("HB109", "ff")


def test_odd_entries_elsewhere_are_nobodys_business(tmp_path: pathlib.Path, committed: Git) -> None:
    one = written(committed, "blob", b"x")
    commit = committed_with(committed, b"", (b"100644", b"..", one))
    assert open_revision(tmp_path, commit)[1] == ()
