from __future__ import annotations

import pytest
from click.testing import CliRunner

from handbill.cli.completion import SHELLS, VARIABLE, completion


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_asks_handbill_for_each_shell(shell: str) -> None:
    done = CliRunner().invoke(completion, [shell])
    assert done.exit_code == 0
    assert f"{VARIABLE}={shell}_complete" in done.stdout


def test_another_shell_is_refused_with_those_that_there_are() -> None:
    done = CliRunner().invoke(completion, ["tcsh"])
    assert done.exit_code == 2
    assert all(shell in done.stderr for shell in SHELLS)
