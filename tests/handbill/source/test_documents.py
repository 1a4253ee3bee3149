"""From a tree to its documents."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

from handbill.source.documents import load_documents
from handbill.source.working_tree import open_working_tree


def test_every_yaml_file_is_parsed_and_every_file_placed(
    tmp_path: pathlib.Path, write: Callable[[str, str], pathlib.Path]
) -> None:
    write("handbill.yaml", "categories: {a: {class: marketing}}\n")
    write("tenants/ff/tenant.yaml", "name: [\n")
    write("tenants/ff/templates/a.html", "<p>")
    tree, _ = open_working_tree(tmp_path)
    assert tree
    loaded, found = load_documents(tree)
    assert list(loaded.documents) == ["handbill.yaml"]
    assert list(loaded.places) == list(tree.paths)
    assert loaded.unreadable == ("tenants/ff/tenant.yaml",)
    assert [one.tenant for one in found] == ["ff"]
