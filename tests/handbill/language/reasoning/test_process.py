"""The solver's process: killed when it overruns, replaced when it dies, never left behind."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest
from asking import question

from handbill.language.reasoning import process as process_module
from handbill.language.reasoning.process import SolverProcess
from handbill.language.reasoning.question import Impossible, Possible, Unknown

ANSWERABLE = "customer.orders > 3 and customer.orders < 3"


def is_alive(pid: int) -> bool:
    """Whether there is such a process, a zombie too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def worker(body: str) -> tuple[str, ...]:
    """A process that says that it is ready, and then does `body` with each question."""
    send = "def send(m): sys.stdout.buffer.write(struct.pack('>I', len(m)) + m); sys.stdout.flush()"
    code = (
        f"import struct, sys, time\n{send}\nsend(b'ready')\n"
        "while sys.stdin.buffer.read(4):\n"
        f"    {body}\n"
    )
    return (sys.executable, "-c", code)


def test_one_process_answers_many_questions() -> None:
    with SolverProcess() as solver:
        assert solver.ask(question(ANSWERABLE)) == Impossible()
        pid = solver.pid
        assert isinstance(solver.ask(question("customer.orders > 3")), Possible)
        assert solver.pid == pid and solver.started == 1
    assert pid is not None and not is_alive(pid)


def test_a_process_that_is_killed_costs_nothing_but_time() -> None:
    with SolverProcess() as solver:
        solver.ask(question(ANSWERABLE))
        first = solver.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while is_alive(first) and solver._process is not None and solver._process.poll() is None:
            time.sleep(0.01)
        assert solver.ask(question(ANSWERABLE)) == Impossible()
        assert solver.started == 2


def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "GRACE_SECONDS", 0.1)
    with SolverProcess(worker("time.sleep(600)")) as solver:
        assert solver.ask(question(ANSWERABLE, 50)) == Unknown("it takes too long to decide")
        assert solver.pid is None


def test_a_process_that_dies_or_talks_nonsense() -> None:
    for body in (
        "sys.exit(1)",
        "send(b'what?')",
        "sys.stdout.buffer.write(b'\\xff' * 8); sys.stdout.flush()",
    ):
        with SolverProcess(worker(body)) as solver:
            assert solver.ask(question(ANSWERABLE, 500)) == Unknown("the solver stopped")
            assert solver.pid is None


def test_a_process_that_never_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "STARTING_SECONDS", 0.2)
    with SolverProcess((sys.executable, "-c", "import time; time.sleep(600)")) as solver:
        assert solver.ask(question(ANSWERABLE)) == Unknown("it takes too long to decide")
    with SolverProcess(("/no/such/solver",)) as solver:
        assert solver.ask(question(ANSWERABLE)) == Unknown("the solver stopped")


def test_it_ends_when_it_is_forgotten() -> None:
    solver = SolverProcess()
    solver.ask(question(ANSWERABLE))
    pid = solver.pid
    assert pid is not None and is_alive(pid)
    del solver
    assert not is_alive(pid)
