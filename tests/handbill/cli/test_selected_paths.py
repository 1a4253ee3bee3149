"""Which files a command was asked about; a mistyped path is refused."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from handbill.cli.selected_paths import is_below, refuse_unknown


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
