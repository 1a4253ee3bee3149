"""Lets the modules of this folder import one another (tests have no packages)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
