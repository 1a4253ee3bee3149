"""Forked processes as a comparison takes them."""

from __future__ import annotations

from handbill.cli.workers import given_by_workers, worker_count
from handbill.diff.protocols import Hands


def hands() -> Hands:
    """As many as may work at once."""
    return Hands(given_by_workers, worker_count())
