"""Makes `sample_release` importable here: these tests are not packages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
