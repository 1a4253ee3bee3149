"""Work done by several processes at once, each of them watched like the command itself.

The processes are forked: what was read before is theirs too, and none has to import anything. Each
has a supervisor of its own, so that a template which takes too long ends one of them, which then
begins again without it. Only on Linux, where forking is sound; elsewhere there is one process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO, TypeAlias

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


def given_by_workers(jobs: Sequence[Callable[[], bytes]]) -> list[bytes | None]:
    """What each of the jobs gives, each done in a process of its own; None for one that failed."""
    with ExitStack() as files:
        places = [files.enter_context(TemporaryFile()) for _ in jobs]
        in_workers([partial(_give, job, each) for job, each in zip(jobs, places, strict=True)])
        return [_given(each) for each in places]


_LENGTH = 8


def _give(job: Callable[[], bytes], place: BinaryIO) -> None:
    """Its length stands first, so that nothing is taken for whole that is not."""
    data = job()
    place.seek(0)
    place.truncate()
    place.write(len(data).to_bytes(_LENGTH, "big") + data)
    place.flush()


def _given(place: BinaryIO) -> bytes | None:
    place.seek(0)
    length, data = place.read(_LENGTH), place.read()
    return data if length and int.from_bytes(length, "big") == len(data) else None


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
