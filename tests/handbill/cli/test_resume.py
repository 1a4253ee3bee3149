"""`handbill resume`: what was stopped goes on, and nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from rooted_store import RootedStore


@pytest.fixture
def rooted(tmp_path: Path) -> RootedStore:
    made = RootedStore(tmp_path)
    made.set_up()
    return made


def test_one_goes_on_and_the_others_stay(rooted: RootedStore) -> None:
    rooted.pause("--tenant", "fresh", "--tenant", "corner")
    assert rooted.resume("--tenant", "fresh").stdout.endswith("in staging: corner\n")
    assert rooted.resume("--all").stdout.endswith("in staging: nobody\n")


def test_who_was_not_stopped_is_told(rooted: RootedStore) -> None:
    rooted.pause("--tenant", "fresh")
    done = rooted.resume("--tenant", "frsh")
    assert done.exit_code == 2 and "frsh is not stopped" in done.stderr
    rooted.pause("--all")
    done = rooted.resume("--tenant", "fresh")
    assert done.exit_code == 2 and "resume --all" in done.stderr
    assert rooted.resume().exit_code == 2


class InTwoYears(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(days=730)


def test_under_an_expired_root_document_all_can_stop_and_nobody_resumes(
    rooted: RootedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handbill.cli.pausing.datetime", InTwoYears)
    assert rooted.pause("--all").exit_code == 0
    done = rooted.resume("--all")
    assert done.exit_code == 1 and "error[HB872]" in done.stderr


def test_a_stranger_resumes_nobody(rooted: RootedStore) -> None:
    rooted.pause("--all")
    done = rooted.resume("--all", key="publisher")
    assert done.exit_code == 1 and "error[HB877]" in done.stderr
