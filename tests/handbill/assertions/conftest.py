"""A retailer of its own for every test."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tested_shop import BASE, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    return Shop(folder)
