"""The benchmarks are a package at the repository's root, beside the two that are installed."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
