"""`handbill run …` that kills itself: `killable_runtime.py before|after:CALL:N [bug] -- run …`.

`-` for the point kills it never; `bug` is one of those that the crash tests of the stages plant.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "stages"))

from crash_child import BUGS, kill_around

from handbill.cli.main import main

if __name__ == "__main__":
    ours, theirs = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    for bug in ours[1:]:
        BUGS[bug]()
    if ours[0] != "-":
        when, call, count = ours[0].split(":")
        kill_around(when, call, int(count))
    sys.argv = ["handbill", *theirs]
    main()
