"""A store with a publisher, and `sample_release` made importable: these tests are not packages."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
sys.path.insert(0, str(Path(__file__).parent))

from rollout_world import World
from sample_release import signing_key

from handbill.publish.publisher import Publisher
from handbill.store.folder import FolderStore


@dataclass
class Clock:
    """Stands still until told otherwise."""

    now: datetime = field(default=datetime(2026, 12, 5, 10, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def publisher(tmp_path: Path, clock: Callable[[], datetime]) -> Publisher:
    return Publisher(FolderStore(tmp_path / "store"), "production", signing_key(), clock)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Nothing is published yet."""
    return World(tmp_path / "store")
