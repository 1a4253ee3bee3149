"""Makes `template_world` and the fixtures of `expression_world` available: tests are not packages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from expression_world import (
    condition,
    hole,
    rule,
    said,
    said_of_hole,
    scope,
    value,
    vocabulary,
    written,
)

__all__ = [
    "condition",
    "hole",
    "rule",
    "said",
    "said_of_hole",
    "scope",
    "value",
    "vocabulary",
    "written",
]
