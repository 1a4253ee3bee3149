from __future__ import annotations

import time

from handbill.publish.stopwatch import Stopwatch


def test_what_passes_belongs_to_the_step_that_ends_it() -> None:
    stopwatch = Stopwatch()
    time.sleep(0.02)
    stopwatch.lap("packs")
    stopwatch.lap("pointer")
    before = stopwatch.seconds["packs"]
    assert before >= 0.02 and stopwatch.seconds["pointer"] < before
    time.sleep(0.02)
    stopwatch.lap("packs")
    assert stopwatch.seconds["packs"] >= before + 0.02
