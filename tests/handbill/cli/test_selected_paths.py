"""Which files a command was asked about; a mistyped path is refused."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from handbill.cli.selected_paths import Selection, is_below, refuse_unknown, selection_of


def test_files_below_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_below("tenants/a/tenant.yaml", "tenants/a", tmp_path)
    assert is_below("tenants/a/tenant.yaml", str(tmp_path / "tenants"), tmp_path)
    assert is_below("tenants/a/tenant.yaml", str(tmp_path), tmp_path)
    assert not is_below("tenants/ab/tenant.yaml", "tenants/a", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert is_below("tenants/a/tenant.yaml", "tenants/a/", tmp_path)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "tenants").mkdir()
    refuse_unknown(("tenants",), tmp_path, None, None)
    with pytest.raises(click.UsageError, match="there is no `tenant`"):
        refuse_unknown(("tenant",), tmp_path, None, None)
    with pytest.raises(click.UsageError, match="in revision HEAD"):
        refuse_unknown(("tenants",), tmp_path, None, "HEAD")
    with pytest.raises(click.UsageError, match="there is no"):
        refuse_unknown(("/",), tmp_path, None, None)


def test_the_least_that_has_to_be_read(tmp_path: Path) -> None:
    one, other = "tenants/a/campaigns/x.yaml", "tenants/b/campaigns/y.yaml"
    assert selection_of((), tmp_path) == Selection()
    assert selection_of((one, "blueprints"), tmp_path) == Selection()
    assert selection_of(("tenants",), tmp_path) == selection_of((".",), tmp_path) == Selection()
    assert selection_of(("tenants/A/tenant.yaml",), tmp_path) == Selection()
    assert selection_of(("tenants/a",), tmp_path) == Selection(frozenset("a"))
    assert selection_of((one, "tenants/a/tenant.yaml"), tmp_path) == Selection(frozenset("a"))
    both = frozenset((one, other))
    assert selection_of((one, str(tmp_path / other)), tmp_path) == Selection(frozenset("ab"), both)
