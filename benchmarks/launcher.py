"""Runs one command and says what it took: `python -S launcher.py SECONDS COMMAND…`, JSON on stdout.

A small process between whoever measures and what is measured: the peak that Linux counts for a child
begins with its parent's. On Linux it also looks, every SECONDS (0: never), at what the command and all
of its descendants hold together, memory that they share counted once (PSS, proc(5)).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time

LINUX = sys.platform == "linux"


def main(seconds: float, command: list[str]) -> None:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    seen = [0]
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, seconds, seen, ended))
    if LINUX and seconds:
        watcher.start()
    said, _ = process.communicate()
    taken = time.perf_counter() - started
    ended.set()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "seconds": taken,
        "cpu": used.ru_utime + used.ru_stime,
        "largest": used.ru_maxrss * (1024 if LINUX else 1),
        "together": seen[0] or None,
        "code": process.returncode,
        "said": said[-2000:].decode(errors="replace"),
    }
    print(json.dumps(found))


def _watch(root: int, seconds: float, seen: list[int], ended: threading.Event) -> None:
    while not ended.wait(seconds):
        seen[0] = max(seen[0], sum(map(_held, _descendants(root))))


def _descendants(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {root}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _held(process: int) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            return sum(1024 * int(line.split()[1]) for line in file if line.startswith("Pss:"))
    except OSError:
        return 0


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
