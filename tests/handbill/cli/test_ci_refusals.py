"""Why a review does not begin, with what to type instead."""

from __future__ import annotations

import pytest

from handbill.ci.surroundings import Surroundings
from handbill.cli.ci_refusals import no_base, no_token, or_fail, refused


def test_each_says_what_to_do() -> None:
    found = [no_base(), no_token(Surroundings()), refused("404 no")]
    assert [each.code for each in found] == ["HB740", "HB742", "HB746"]
    assert all(each.hint for each in found)
    assert "GITHUB_REPOSITORY" in no_token(Surroundings(token="t")).message


def test_a_value_is_that_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert or_fail(5) == 5
    with pytest.raises(SystemExit) as ended:
        or_fail(no_base())
    assert ended.value.code == 1 and "error[HB740]" in capsys.readouterr().err
