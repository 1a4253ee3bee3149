"""The retailer whose periods these tests simulate."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from period_world import Period


@pytest.fixture
def period(tmp_path: Path) -> Period:
    return Period(tmp_path)
