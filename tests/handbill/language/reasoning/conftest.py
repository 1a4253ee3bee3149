"""Makes `asking` available: tests are not packages."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from handbill.language.reasoning.reasoner import Reasoner


@pytest.fixture(scope="session")
def reasoner() -> Iterator[Reasoner]:
    with Reasoner() as reasoner:
        yield reasoner
