"""The market of the runtime's tests, and this folder's own modules, importable: tests are not packages."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "handbill_runtime"), str(HERE.parents[1])]


@pytest.fixture(autouse=True)
def no_log_of_every_refusal() -> Iterator[None]:
    """Tens of thousands of them would be kept for a report."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
