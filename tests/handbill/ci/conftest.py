"""Makes `github_stand_in` importable: tests are not packages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from github_stand_in import REPOSITORY, TOKEN, StandIn, serving

from handbill.ci.github import GitHub


@pytest.fixture
def world() -> Iterator[StandIn]:
    with serving(StandIn()) as world:
        yield world


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def api(world: StandIn, pauses: list[float]) -> Iterator[GitHub]:
    with GitHub(world.url, REPOSITORY, TOKEN, pauses.append) as api:
        yield api
