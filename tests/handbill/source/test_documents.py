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


def test_refused_files_keep_their_owners_from_being_whole(
    tmp_path: pathlib.Path, write: Callable[[str, str], pathlib.Path]
) -> None:
    write("handbill.yaml", "categories: {a: {class: marketing}}\n")
    write("tenants/ff/campaigns/a.yaml", "status: draft\n")
    write("tenants/ff/campaign/b.yaml", "status: draft\n")
    (tmp_path / "tenants/ff/campaigns/c.yaml").symlink_to(tmp_path / "handbill.yaml")
    write("groups/g/group.yaml", "name: G\n")
    write("groups/g/campaign/recall.yaml", "status: active\n")
    write("environments/a/b.yaml", "x: 1\n")
    write("tenants/xy/campaigns/a.yaml", "status: draft\n")
    tree, _ = open_working_tree(tmp_path)
    assert tree
    loaded, _ = load_documents(tree)
    whose = {
        path: (loaded.places[path].tenant, loaded.places[path].group) for path in loaded.unreadable
    }
    assert whose == {
        "tenants/ff/campaign/b.yaml": ("ff", None),
        "tenants/ff/campaigns/c.yaml": ("ff", None),
        "groups/g/campaign/recall.yaml": (None, "g"),
        "tenants/ff/tenant.yaml": ("ff", None),
        "tenants/xy/tenant.yaml": ("xy", None),
    }
