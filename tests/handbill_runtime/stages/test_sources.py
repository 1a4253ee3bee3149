"""Where a tenant's data are."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill_runtime.errors import DataFault
from handbill_runtime.stages.sources import column, data_folder


def test_columns_are_named_by_path() -> None:
    assert column(("store", 'the "best"')) == '"store.the ""best"""'


def test_where_data_is() -> None:
    assert data_folder("file:///srv/my%20data/{tenant}", "corner") == Path("/srv/my data/corner")
    assert data_folder("data/{tenant}", "corner") == Path("data/corner")
    for url in ("s3://bucket/{tenant}", "file://host/{tenant}"):
        with pytest.raises(DataFault):
            data_folder(url, "corner")
