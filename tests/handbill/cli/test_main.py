"""The command line as a whole: its table, its exit codes, and what starting it loads."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from handbill.cli import main as main_module
from handbill.cli.main import COMMANDS, bug_report, handbill, main


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "handbill.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_has_help(name: str) -> None:
    module, line = COMMANDS[name]
    command = getattr(importlib.import_module(module), name)
    assert isinstance(command, click.Command) and command.help and line.endswith(".")


def test_help_names_every_command() -> None:
    result = run("-h")
    assert result.returncode == 0 and all(name in result.stdout for name in COMMANDS)


def test_version_loads_nothing_but_click() -> None:
    program = (
        "import sys; sys.argv = ['handbill', '--version']\n"
        "import handbill.cli.main as m\n"
        "try: m.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'yaml', 'jinja2', 'git', 'jsonschema', 'pydantic', 'msgspec', 'duckdb', "
        "'cryptography', 'httpx', 'babel', 'html5lib'}\n"
        "print(sorted(heavy & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    version, loaded = done.stdout.splitlines()
    assert version.startswith("handbill, version ") and loaded == "[]"


def test_the_version_is_the_packages() -> None:
    assert (
        run("--version").stdout == f"handbill, version {importlib.metadata.version('handbill')}\n"
    )


def test_usage_errors_exit_with_two() -> None:
    for arguments in (["nope"], ["check", "--nope"], ["run"], ["schema", "nope"]):
        result = run(*arguments)
        assert result.returncode == 2 and "Traceback" not in result.stderr, arguments


def test_a_no_exits_with_one(tmp_path: Path) -> None:
    assert run("check", cwd=tmp_path).returncode == 1


def test_a_bug_exits_with_three_and_a_report_to_paste(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(main_module, "handbill", broken)
    monkeypatch.setattr(sys, "argv", ["handbill", "status", "/home/ann/secret-plans"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    report = capsys.readouterr().err
    assert report.startswith("error[HB000]: this is a bug in Handbill")
    assert "KeyError: 'surprise'" in report and "command `status`" in report
    assert "test_main.py" in report and "secret-plans" not in report
    assert "Traceback" not in report


def test_what_the_system_refuses_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main_module, "handbill", lambda: os.stat("/no/such/place/at/all"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "error[HB001]: /no/such/place/at/all: No such file or directory\n"
        "  = help: see that it is there and that you may use it\n"
    )
    monkeypatch.setattr(main_module, "handbill", _full)
    with pytest.raises(SystemExit):
        main()
    assert "error[HB001]: No space left on device" in capsys.readouterr().err


def _full() -> None:
    raise OSError(28, "No space left on device")


def test_a_report_of_a_deep_bug_is_short() -> None:
    def deep(level: int) -> None:
        if level == 0:
            raise ValueError("deep")
        deep(level - 1)

    try:
        deep(50)
    except ValueError as error:
        assert len(bug_report(error).splitlines()) < 20


@pytest.mark.parametrize(
    "arguments", [("schema", "-h"), ("schema",), ("check", "--output", "json")]
)
def test_a_reader_that_goes_away_is_no_bug(arguments: tuple[str, ...]) -> None:
    """`handbill schema | true`"""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "handbill.cli.main", *arguments],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2] / "golden" / "base",
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_another_broken_pipe_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(main_module, "handbill", broken)
    monkeypatch.setattr(sys, "argv", ["handbill", "run"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "error[HB001]: Broken pipe" in capsys.readouterr().err


def test_listing_the_commands_imports_none() -> None:
    context = click.Context(handbill)
    assert handbill.list_commands(context) == sorted(COMMANDS)
    assert handbill.get_command(context, "nope") is None
    stand_in = handbill.get_command(context, "run")
    assert stand_in is not None and stand_in.help == COMMANDS["run"][1]


def test_publishing_and_compiling_never_load_the_solver(tmp_path: Path) -> None:
    """Only a process of its own does, when `check` or `audience` has something to prove."""
    shutil.copytree(Path(__file__).parents[2] / "golden" / "base", tmp_path / "config")
    program = (
        "import sys\n"
        "import handbill.cli.publish, handbill.publish.watch, handbill.publish.publishing\n"
        "from click.testing import CliRunner\n"
        "from handbill.cli.check import check\n"
        "from handbill.cli.compile import compile\n"
        "for command in (compile, check):\n"
        "    result = CliRunner().invoke(command, ['--root', sys.argv[1]])\n"
        "    assert result.exit_code == 0, result.output\n"
        "print('z3' in sys.modules, 'handbill.language.reasoning.formulas.terms' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "config")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False False"
