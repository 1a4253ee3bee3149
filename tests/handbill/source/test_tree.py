"""Git and a folder show one and the same configuration."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

from handbill.source.git import open_revision
from handbill.source.tree import WORKING_TREE, SourceTree
from handbill.source.working_tree import open_working_tree


def shown(tree: SourceTree | None) -> dict[str, tuple[str, bytes]]:
    assert tree is not None
    return {path: (tree.blob_id(path), tree.read(path)) for path in tree.paths}


def test_a_commit_and_its_checkout_are_equal(
    tmp_path: pathlib.Path, git: Callable[..., bytes], write: Callable[[str, str], pathlib.Path]
) -> None:
    write("handbill.yaml", "categories: {a: {class: marketing}}\n")
    write("tenants/ff/tenant.yaml", "name: Crème & Söhne\n")
    write("tenants/ff/assets/logo.svg", "<svg/>")
    write("tenants/ff/templates/hello.html", "<p>Hello\n")
    write("README.md", "not read")
    git("add", "--all")
    git("commit", "--quiet", "--message", "First")
    folder, _ = open_working_tree(tmp_path)
    commit, _ = open_revision(tmp_path, "HEAD")
    assert shown(folder) == shown(commit)
    assert len(shown(folder)) == 4
    assert folder and folder.revision == WORKING_TREE
    assert commit and commit.revision == git("rev-parse", "HEAD").decode().strip()
