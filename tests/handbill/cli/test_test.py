"""`handbill test` as people and CI call it: what it says, and how it ends."""

from __future__ import annotations

import json
import subprocess
from xml.etree import ElementTree

import pytest
from tested_base import HELLO, TEST, Base, anything, reached

PASSES = (reached("ann"), 'ann: {contains: {subject: "Double points"}}')
FAILS = (reached("ann"), 'ann: {text: {subject: "Triple points this weekend"}}')


def test_everything_as_expected(base: Base) -> None:
    base.test(*PASSES)
    result = base.run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"ok   {TEST} (ann)\n1 test: 1 customer as expected\n"


def test_a_difference_ends_with_one(base: Base) -> None:
    base.test(*FAILS)
    result = base.run()
    assert result.exit_code == 1
    assert "[-Triple-]{+Double+} points this weekend" in result.stdout


def test_only_some(base: Base) -> None:
    base.test(*FAILS)
    other = base.folder / "tenants/fresh-fields/tests/other.yaml"
    base.test(*PASSES)
    (base.folder / TEST).rename(other)
    base.test(*FAILS)
    assert base.run(str(other)).exit_code == 0
    assert base.run().exit_code == 1
    result = base.run("tenants/nobody")
    assert (result.exit_code, "there is no `tenants/nobody`" in result.stderr) == (2, True)


def test_an_error_in_a_test_ends_with_one(base: Base) -> None:
    base.test(reached("ann", "teir: gold"), anything("ann"))
    result = base.run()
    assert result.exit_code == 1
    assert "error[HB475]" in result.stderr and "did you mean `tier`?" in result.stderr
    assert result.stdout == "no test ran; 1 error\n"


def test_a_test_that_breaks_its_schema(base: Base) -> None:
    base.test(reached("ann"), "ann: {selectd: true}")
    result = base.run()
    assert result.exit_code == 1
    assert "error[HB301]" in result.stderr
    assert result.stdout == "no test ran; 1 error\n"


@pytest.mark.parametrize("path", [TEST, HELLO, "handbill.yaml"])
def test_files_that_cannot_be_read_are_counted(base: Base, path: str) -> None:
    base.test(*PASSES)
    base.write(path, "campaign: [hello\n")
    result = base.run()
    errors = result.stderr.count("error[")
    assert (result.exit_code, errors > 0) == (1, True)
    assert result.stdout == f"no test ran; {errors} error{'s' if errors > 1 else ''}\n"


def test_a_broken_campaign_is_shown_and_its_tests_do_not_pass(base: Base) -> None:
    base.test(*PASSES)
    base.edit(HELLO, "lifetime_orders", "lifetime_order")
    result = base.run()
    assert result.exit_code == 1
    assert "error[HB505]" in result.stderr and "error[HB477]" in result.stderr


def test_json_is_versioned(base: Base) -> None:
    base.test(*FAILS)
    result = base.run("--output", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["version"], report["passed"]) == (1, 1, False)
    (test,) = report["tests"]
    (customer,) = test["customers"]
    assert (test["file"], test["campaign"], customer["customer"]) == (TEST, "hello", "ann")
    assert customer["differences"][0]["field"] == "text.email.subject"
    assert customer["messages"][0]["at"] == "2026-12-05T10:00:00"


def test_junit_is_what_ci_reads(base: Base) -> None:
    base.test(reached("ann") + reached("bea"), FAILS[1] + "\nbea: {selected: true}")
    base.write(
        "tenants/fresh-fields/tests/bad.yaml",
        "campaign: nothing\nnow: 2026-12-05T10:00\n"
        "customers: {a: {lifetime_orders: 1}}\nexpect: {a: {selected: true}}\n",
    )
    result = base.run("--output", "junit")
    suites = ElementTree.fromstring(result.stdout)
    assert result.exit_code == 1
    assert [(each.get("tests"), each.get("failures"), each.get("errors")) for each in suites] == [
        ("2", "1", "0"),
        ("1", "0", "1"),
    ]
    failure = suites.find("testsuite/testcase/failure")
    assert failure is not None and "[-Triple-]" in (failure.text or "")


def test_update_writes_the_working_tree_only(base: Base) -> None:
    base.test(reached("ann"), "ann: {snapshot: true}")
    assert base.run().exit_code == 1
    written = base.run("--update")
    assert (written.exit_code, "written: " in written.stderr) == (0, True)
    assert base.run().exit_code == 0
    refused = base.run("--update", "--rev", "HEAD")
    assert (refused.exit_code, "working tree" in refused.stderr) == (2, True)


def test_a_revision(base: Base) -> None:
    base.test(*PASSES)

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        subprocess.run(command, cwd=base.folder, check=True, capture_output=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    base.test(*FAILS)
    assert base.run("--rev", "HEAD").exit_code == 0
    assert base.run().exit_code == 1
    nowhere = base.run("--rev", "nowhere")
    assert (nowhere.exit_code, "HB103" in nowhere.stderr) == (1, True)


@pytest.mark.parametrize("output", ["text", "json", "junit"])
def test_nothing_to_test(base: Base, output: str) -> None:
    assert base.run("--output", output).exit_code == 0
