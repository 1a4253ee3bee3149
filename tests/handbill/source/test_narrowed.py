"""What is found about one campaign's file is the same, whether all tenants are read or its own only."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Callable
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from edited_retailers import TENANTS, Edits, write_retailers

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.pipeline import compile_tree
from handbill.source.git import open_revision
from handbill.source.layout import tenant_of
from handbill.source.narrowed import of_campaigns, of_tenants, others
from handbill.source.tree import SourceTree
from handbill.source.working_tree import open_working_tree

Git = Callable[..., bytes]


def test_a_folder_that_may_be_another_one_is_not_passed_over() -> None:
    assert others(["a", "b", "c"], ["b"]) == ("a", "c")
    assert others(["a", "b"], None) == ()
    assert others(["a", "A", "b"], ["b"]) == ()
    assert others(["a", "Ä b"], ["a"]) == (), "its name is a mistake to be told"


def about(file: str, found: tuple[Diagnostic, ...]) -> set[tuple[object, ...]]:
    return {
        (one.code, one.range, one.message, one.tenant)
        for one in found
        if one.range is None or file in {one.range.file, *(each.range.file for each in one.related)}
    }


def found_in(
    opened: tuple[SourceTree | None, tuple[Diagnostic, ...]], file: str, alone: bool
) -> set[tuple[object, ...]]:
    tree, found = opened
    assert tree is not None
    return about(
        file, compile_tree(of_campaigns(tree, [file]) if alone else tree, found).diagnostics
    )


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_same_is_found_about_a_campaign(seed: int) -> None:
    with TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_retailers(folder)
        edits = Edits(folder, seed)
        for _ in range(4):
            edits.step()
            files = sorted(folder.glob("tenants/*/campaigns/*.yaml"))
            if not files:
                return
            path = edits.random.choice(files)
            if edits.random.random() < 0.3:
                path.write_bytes(path.read_bytes() + b"\nwas: [winback]\n")
            file = path.relative_to(folder).as_posix()
            tenant = tenant_of(file)
            assert tenant is not None
            whole = found_in(open_working_tree(folder), file, alone=False)
            assert found_in(open_working_tree(folder, [tenant]), file, alone=True) == whole, seed


@pytest.mark.parametrize("of_the_other", [False, True])
def test_two_that_claim_one_name(tmp_path: pathlib.Path, of_the_other: bool) -> None:
    write_retailers(tmp_path)
    file = "tenants/green/campaigns/hello.yaml"
    for campaign in ("recall" if of_the_other else "hello", "winback"):
        path = tmp_path / f"tenants/green/campaigns/{campaign}.yaml"
        text = path.read_text() if path.exists() else (tmp_path / file).read_text()
        path.write_text(text + ("was: [hello]\n" if campaign == "recall" else "was: [first]\n"))
    whole = found_in(open_working_tree(tmp_path), file, alone=False)
    assert {one[0] for one in whole} == {"HB439"}
    assert found_in(open_working_tree(tmp_path, ["green"]), file, alone=True) == whole


def test_a_folder_without_the_others(tmp_path: pathlib.Path) -> None:
    write_retailers(tmp_path)
    tree, found = open_working_tree(tmp_path, ["blue"])
    whole, _ = open_working_tree(tmp_path)
    assert tree and whole and found == ()
    assert tree.paths == of_tenants(whole, ["blue"]).paths
    assert {tenant_of(path) for path in tree.paths} == {None, "blue"}
    assert of_tenants(whole, TENANTS).paths == whole.paths


def test_a_commit_without_the_others(tmp_path: pathlib.Path, git: Git) -> None:
    write_retailers(tmp_path)
    git("add", "--all")
    git("commit", "--quiet", "--message", "All")
    whole, _ = open_revision(tmp_path, "HEAD")
    tree, found = open_revision(tmp_path, "HEAD", tenants=["blue", "nobody"])
    assert tree and whole and found == ()
    assert tree.paths == of_tenants(whole, ["blue"]).paths
    assert tree.read("tenants/blue/tenant.yaml") == whole.read("tenants/blue/tenant.yaml")
    everything, _ = open_revision(tmp_path, "HEAD", tenants=TENANTS)
    assert everything and everything.paths == whole.paths


def test_an_odd_name_is_told_though_others_are_passed_over(
    tmp_path: pathlib.Path, git: Git
) -> None:
    write_retailers(tmp_path)
    git("add", "--all")
    blob = git("hash-object", "-w", "--stdin", given=b"x").strip().decode()
    tree = git("write-tree").strip().decode()
    listed = git("ls-tree", tree) + f"100644 blob {blob}\t.GIT\n".encode()
    odd = git("mktree", given=listed).strip().decode()
    commit = git("commit-tree", odd, "-m", "odd").strip().decode()
    narrow, whole = (
        open_revision(tmp_path, commit, tenants=wanted)[1] for wanted in (["blue"], None)
    )
    assert narrow == whole
