from __future__ import annotations

from pathlib import Path

import pytest
import rich_click as click

from handbill.cli.customers_place import data_root_of


def test_a_folder_has_a_folder_for_each_retailer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "our data").mkdir()
    assert data_root_of(str(tmp_path)) == f"{tmp_path.as_uri()}/{{tenant}}"
    monkeypatch.chdir(tmp_path)
    assert data_root_of("our data") == f"{(tmp_path / 'our data').as_uri()}/{{tenant}}"


def test_a_url_says_where_the_retailers_name_stands() -> None:
    assert data_root_of("s3://lake/{tenant}/daily") == "s3://lake/{tenant}/daily"
    assert data_root_of("s3://lake/daily/") == "s3://lake/daily/{tenant}"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="there is no folder"):
        data_root_of(str(tmp_path / "nowhere"))
