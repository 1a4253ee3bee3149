"""Work done by several processes at once, each of them watched like the command itself.

The processes are forked: what was read before is theirs too, and none has to import anything. Each
has a supervisor of its own, so that a template which takes too long ends one of them, which then
begins again without it. Only on Linux, where forking is sound; elsewhere there is one process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TypeAlias

from handbill.cli.supervisor import die_with, supervise

VARIABLE = "HANDBILL_WORKERS"
Job: TypeAlias = Callable[[], None]


def worker_count() -> int:
    """As HANDBILL_WORKERS says, else one for each processor that this process may use."""
    if not sys.platform.startswith("linux"):
        return 1
    try:
        return max(1, int(os.environ[VARIABLE]))
    except (KeyError, ValueError):
        return len(os.sched_getaffinity(0))


def in_workers(jobs: Sequence[Job]) -> None:
    """Does all of the jobs, each in a process of its own. A job that fails there is left undone, and
    is the caller's to do."""
    sys.stdout.flush()
    sys.stderr.flush()
    for worker in [_started(job) for job in jobs]:
        os.waitpid(worker, 0)


def _started(job: Job) -> int:
    parent = os.getpid()
    worker = os.fork()
    if worker:
        return worker
    code = 1
    try:
        die_with(parent)
        found = supervise()
        if found is None:
            job()
        code = found or 0
    finally:
        os._exit(code)
