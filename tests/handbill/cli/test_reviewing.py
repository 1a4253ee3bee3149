"""A whole review as a value: tests that fail, and next sends as of a moment."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from tested_base import REACHED, Base

from handbill.cli.reviewing import Reviewed, review_change
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.opening import Workplace

AT = datetime(2026, 11, 24, 9, 0)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def committed(folder: Path) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "an edit")
    return git(folder, "rev-parse", "HEAD")


def reviewed(folder: Path, base: str, head: str = "HEAD") -> Reviewed:
    found = review_change(Workplace(folder, folder), base, head, AT)
    assert isinstance(found, Reviewed), found
    return found


def test_tests_that_fail_are_a_failure(base: Base) -> None:
    git(base.folder, "init", "-q", "-b", "main")
    base.test(f"ann: {{{REACHED.format('ann')}}}", "ann: {selected: true}")
    committed(base.folder)
    assert reviewed(base.folder, "main").report.conclusion == "success"
    base.test(f"ann: {{{REACHED.format('ann')}}}", "ann: {selected: false}")
    committed(base.folder)
    found = reviewed(base.folder, "main~1")
    assert (found.report.tests, found.report.tests_failed) == (1, 1)
    assert found.report.conclusion == "failure" and found.diagnostics == ()
    assert found.diff is not None and found.diff.entries == ()


def test_sides_go_by_the_names_that_they_were_asked_for(base: Base) -> None:
    git(base.folder, "init", "-q", "-b", "main")
    first = committed(base.folder)
    git(base.folder, "checkout", "-q", "-b", "topic")
    base.edit("tenants/fresh-fields/campaigns/hello.yaml", "Double", "Triple")
    second = committed(base.folder)
    diff = reviewed(base.folder, "main", "topic").diff
    assert diff is not None
    assert (diff.base.label, diff.base.commit) == ("main", first)
    assert (diff.head.label, diff.head.commit) == ("topic", second)
    assert diff.at == "2026-11-24T09:00:00Z" and diff.changed == 1


def test_what_is_no_repository(base: Base) -> None:
    found = review_change(Workplace(base.folder, base.folder), "main", "HEAD", AT)
    assert isinstance(found, Diagnostic) and found.code == "HB101"


def test_only_tests_that_the_change_can_reach_are_run(base: Base) -> None:
    git(base.folder, "init", "-q", "-b", "main")
    base.test(f"ann: {{{REACHED.format('ann')}}}", "ann: {selected: true}")
    base.write("personas/rosa.yaml", "description: A regular\ncustomer: {lifetime_orders: 3}\n")
    committed(base.folder)
    base.write("docs/plain.md", "nothing that Handbill reads")
    committed(base.folder)
    assert reviewed(base.folder, "HEAD~1").report.tests == 0
    base.edit("tenants/fresh-fields/campaigns/hello.yaml", "Double", "Triple")
    committed(base.folder)
    assert reviewed(base.folder, "HEAD~1").report.tests == 1
    base.edit("personas/rosa.yaml", "regular", "newcomer")
    committed(base.folder)
    assert reviewed(base.folder, "HEAD~1").report.tests == 1


def test_notes_are_told_where_their_file_was_touched(base: Base) -> None:
    git(base.folder, "init", "-q", "-b", "main")
    policy = 'policies: [{name: all, when: "plan.everyone", level: approve, by: ["@legal"]}]\n'
    path = base.folder / "handbill.yaml"
    path.write_text(path.read_text("utf-8") + policy, encoding="utf-8")
    base.edit(
        "tenants/fresh-fields/campaigns/hello.yaml", "customer.lifetime_orders >= 1", "everyone"
    )
    committed(base.folder)
    base.write("docs/plain.md", "nothing that Handbill reads")
    committed(base.folder)
    assert reviewed(base.folder, "HEAD~1").diagnostics == ()
    base.edit("tenants/fresh-fields/campaigns/hello.yaml", "Double", "Triple")
    committed(base.folder)
    found = reviewed(base.folder, "HEAD~1").diagnostics
    assert {each.code for each in found} == {"HB702"}


def test_a_folder_named_like_the_base_commit_hides_nothing(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(base.folder, "init", "-q", "-b", "main")
    first = committed(base.folder)
    base.edit("tenants/fresh-fields/campaigns/hello.yaml", "Double", "Triple")
    copy = base.folder.parent / "copy"
    shutil.copytree(base.folder, copy, ignore=shutil.ignore_patterns(".git"))
    copy.rename(base.folder / first)
    committed(base.folder)
    monkeypatch.chdir(base.folder)
    diff = reviewed(base.folder, "main~1").diff
    assert diff is not None and diff.changed == 1
    assert diff.base.commit == first
