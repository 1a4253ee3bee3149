"""`handbill lsp` where it cannot start, and what it hands to the server; the server has its own tests."""

from __future__ import annotations

import pathlib
import shutil
import sys

import pytest
from click.testing import CliRunner

from handbill.cli.lsp import lsp, outside
from handbill.editor.server import NothingToShow
from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree

BASE = pathlib.Path(__file__).parents[2] / "golden" / "base"


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls", None)
    result = CliRunner().invoke(lsp, ["--stdio"])
    assert result.exit_code == 1
    assert "pip install 'handbill[editor]'" in result.output


def test_the_preview_is_a_page_or_a_reason(tmp_path: pathlib.Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    tree, found = open_working_tree(tmp_path)
    assert tree is not None
    page = outside().preview(compile_tree(tree, found), "fresh-fields", "hello")
    assert "Double points this weekend" in page
    (tmp_path / "tenants/fresh-fields/tenant.yaml").write_text("name: [")
    tree, found = open_working_tree(tmp_path)
    assert tree is not None
    with pytest.raises(NothingToShow, match="fresh-fields"):
        outside().preview(compile_tree(tree, found), "fresh-fields", "hello")
