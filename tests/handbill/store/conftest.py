"""Makes `sample_release` importable here (these tests are not packages), and serves buckets."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from fault_proxy import FaultProxy
from s3_server import Bucket, new_bucket, s3_url, variables


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    proxy = FaultProxy(s3_url())
    for name, value in variables(proxy.url).items():
        monkeypatch.setenv(name, value)
    yield Bucket(proxy, f"s3://{new_bucket()}/some/prefix")
    proxy.close()
