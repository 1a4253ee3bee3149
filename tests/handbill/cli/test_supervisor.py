"""Commands that compile run in a process that is killed when one unit takes too much."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from handbill.cli import supervisor
from handbill.cli.supervisor import SECONDS_VARIABLE

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGNS, TEMPLATES = (f"tenants/fresh-fields/{each}" for each in ("campaigns", "templates"))


HEAD = """
import os, signal, sys, time
from handbill.cli import supervisor
from handbill.source.watched import Unit, working_on, stopped
"""
SUPERVISED = """
code = supervisor.supervise()
if code is not None:
    sys.exit(code)
"""


def run(program: str, head: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """`program` after being put under supervision: what follows is the child's."""
    text = f"{HEAD}{head}\n{SUPERVISED}{textwrap.dedent(program)}"
    return subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def test_the_childs_exit_code_and_output_are_the_commands() -> None:
    result = run("print('done'); sys.exit(4)")
    assert (result.returncode, result.stdout) == (4, "done\n")


def test_a_unit_that_never_ends_is_killed_and_left_out_of_the_next_attempt() -> None:
    result = run(
        """
        for name in ("good.yaml", "endless.yaml", "last.yaml"):
            unit = Unit(name, "1")
            found = stopped(unit)
            if found is not None:
                print(found.code, found.range.file, found.message)
                continue
            with working_on(unit):
                while name == "endless.yaml":
                    pass
            print("compiled", name)
        """,
        **{SECONDS_VARIABLE: "0.2"},
    )
    assert result.returncode == 0
    assert result.stdout.splitlines()[-3:] == [
        "compiled good.yaml",
        "HB510 endless.yaml compiling this was stopped: it took longer than 0.2 seconds",
        "compiled last.yaml",
    ]


def test_a_unit_that_eats_memory_is_killed() -> None:
    result = run(
        """
        unit = Unit("hungry.yaml", "1")
        found = stopped(unit)
        if found is not None:
            print(found.message)
            sys.exit(1)
        with working_on(unit):
            kept = []
            while True:
                kept.append(b"x" * 10_000_000)
                time.sleep(0.005)
        """
    )
    assert result.returncode == 1
    assert "took more than 300 MB of memory" in result.stdout


def test_work_between_units_may_take_as_long_as_it_likes() -> None:
    result = run(
        """
        with working_on(Unit("a.yaml", "1")):
            pass
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        print("through")
        """,
        **{SECONDS_VARIABLE: "0.05"},
    )
    assert result.stdout == "through\n"


def test_a_child_that_crashes_gives_the_shells_exit_code() -> None:
    result = run("os.kill(os.getpid(), 11)")
    assert result.returncode == 128 + signal.SIGSEGV


def started(program: str, own_session: bool = False) -> tuple[subprocess.Popen[str], int]:
    """A supervised program that prints its child's id first."""
    text = f"{HEAD}{SUPERVISED}print(os.getpid(), flush=True)\n{textwrap.dedent(program)}"
    process = subprocess.Popen(
        [sys.executable, "-c", text],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=own_session,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_a_stop_signal_reaches_the_child() -> None:
    process, _ = started(
        """
        def stop(*_):
            os.write(1, b"stopping\\n")  # `print` may be interrupted in the middle of a print
            sys.exit(7)
        signal.signal(signal.SIGTERM, stop)
        print("ready", flush=True)
        while True: time.sleep(1)
        """
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait() == 7
    assert process.stdout.read() == "stopping\n"


def test_a_killed_command_leaves_no_child_behind() -> None:
    process, child = started("while True: time.sleep(1)")
    process.kill()
    process.wait()
    for _ in range(500):
        if not is_alive(child):
            return
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    raise AssertionError("the child lives on")


def test_kill_with_int_reaches_the_child_where_no_terminal_sends_it() -> None:
    text = """
        def stop(*_):
            sys.exit(9)
        signal.signal(signal.SIGINT, stop)
        print("ready", flush=True)
        while True: time.sleep(1)
        """
    process, _ = started(text, own_session=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.wait() == 9


def test_a_command_that_must_give_up_says_what_it_was_at() -> None:
    result = run(
        """
        while True:
            with working_on(Unit(f"c{time.monotonic_ns()}.yaml", "1")):
                while True:
                    pass
        """,
        head="supervisor._MAX_STARTS = 3",
        **{SECONDS_VARIABLE: "0.02"},
    )
    assert result.returncode == 1
    assert "error[HB518]: 3 files took too long" in result.stderr
    assert result.stderr.count("--> c") == 3


def test_a_command_that_somebody_kills_says_so() -> None:
    result = run("os.kill(os.getpid(), signal.SIGKILL)")
    assert result.returncode == 128 + signal.SIGKILL
    assert "error[HB518]: somebody killed this command" in result.stderr


def is_alive(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_check_goes_on_with_every_other_campaign_when_one_is_too_much(tmp_path: Path) -> None:
    folder = tmp_path / "configuration"
    shutil.copytree(BASE, folder)
    hello = (folder / CAMPAIGNS / "hello.yaml").read_text("utf-8")
    (folder / CAMPAIGNS / "heavy.yaml").write_text(hello.replace("hello.html", "heavy.html"))
    (folder / CAMPAIGNS / "wrong.yaml").write_text(
        hello.replace("lifetime_orders", "lifetime_ordres")
    )
    page = "<p>" + "{% if customer.lifetime_orders > 1 %}x{% endif %}" * 5000 + "</p>"
    (folder / TEMPLATES / "heavy.html").write_text(page)
    command = [sys.executable, "-m", "handbill.cli.main", "check", "--root", str(folder)]
    environment = {**os.environ, SECONDS_VARIABLE: "0.5"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    said = result.stdout + result.stderr
    assert result.returncode == 1
    assert re.findall(r"error\[HB510\].*\n +--> (\S+):1:1", said) == [f"{CAMPAIGNS}/heavy.yaml"], (
        said
    )
    assert re.search(rf"error\[HB\d+\].*ordres.*\n +--> {CAMPAIGNS}/wrong.yaml", said), said


@pytest.mark.parametrize(
    ("given", "seconds"), [("nan", 2.0), ("inf", 2.0), ("soon", 2.0), ("-1", 0.001), ("7.5", 7.5)]
)
def test_a_limit_is_a_number_of_seconds(
    given: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS_VARIABLE, given)
    assert supervisor._limit() == seconds
