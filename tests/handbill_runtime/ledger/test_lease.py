"""One runtime per ledger, and a dead one frees it at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from handbill_runtime.errors import LeaseFault
from handbill_runtime.ledger.lease import Lease


def holder(path: Path) -> subprocess.Popen[str]:
    code = f"""
        from pathlib import Path
        from handbill_runtime.ledger.lease import Lease
        Lease(Path({str(path)!r})).take("runtime on till-4")
        print("held", flush=True)
        import time; time.sleep(60)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db.lease"
    process = holder(path)
    try:
        with pytest.raises(LeaseFault, match="runtime on till-4") as caught:
            Lease(path).take("second")
        assert caught.value.code == "HB901"
    finally:
        process.kill()
        process.wait()


def test_a_killed_holder_frees_it_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db.lease"
    process = holder(path)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    lease = Lease(path)
    lease.take("second")
    assert lease.held


def test_taking_twice_is_one_lease_and_releasing_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "x.lease"
    first, second = Lease(path), Lease(path)
    first.take("first")
    first.take("first")
    with pytest.raises(LeaseFault, match="first"):
        second.take("second")
    first.release()
    first.release()
    assert not first.held
    second.take("second")
    assert path.read_text() == "second\n"
