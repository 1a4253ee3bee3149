"""Options of the whole test suite."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "same every time",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "search", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("HANDBILL_HYPOTHESIS", "same every time"))
"""A change is judged by the same examples as the one before it; `search` looks for new ones."""

os.environ["HANDBILL_CACHE"] = "off"
"""Commands that tests run begin with nothing, and leave nothing with whoever runs the tests."""

for number in (signal.SIGHUP, signal.SIGINT):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, lambda _number, _frame: None)
        """Ignored as before, for `nohup` or a job in the background, but not by commands that tests
        run: a program that is started inherits what is ignored, and not what is handled."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the expected files of tests/golden anew; look at the diff before committing",
    )
