"""`handbill ci` on real repositories: at home, in GitHub's surroundings, and the comment of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "ci"))

from github_stand_in import REPOSITORY, TOKEN, StandIn, pull, review, serving

from handbill.ci.report import ARTIFACT
from handbill.cli.ci import ci
from handbill.diff.renderers.markdown import MARKER

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"
SUBJECT = "Double points this weekend"


@dataclass
class Proposal:
    """`folder` is a clone in which `topic` is checked out; `environment` is GitHub's."""

    folder: Path
    out: Path
    environment: dict[str, str] = field(default_factory=dict)

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, file: str, text: str) -> str:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", "an edit")
        return self.git("rev-parse", "HEAD")

    def subject(self, new: str) -> str:
        text = (self.folder / CAMPAIGN).read_text("utf-8")
        return self.commit(CAMPAIGN, text.replace(SUBJECT, new))

    def ci(self, *arguments: str) -> Result:
        at = ["--at", "2026-11-24T09:00Z"]
        command = ["--root", str(self.folder), "--out", str(self.out), *at, *arguments]
        return self.run(*command)

    def run(self, *arguments: str) -> Result:
        environment: dict[str, str | None] = {
            **dict.fromkeys(("GITHUB_ACTIONS", "GITHUB_EVENT_PATH", "GITHUB_TOKEN")),
            **self.environment,
        }
        return CliRunner().invoke(ci, arguments, env=environment, catch_exceptions=False)

    def report(self) -> Any:
        return json.loads((self.out / "review.json").read_text("utf-8"))

    def on_github(self, event: Any, api_url: str = "http://127.0.0.1:1") -> None:
        path = self.out.parent / "event.json"
        path.write_text(json.dumps(event), encoding="utf-8")
        self.environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_SHA": "9" * 40,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SERVER_URL": "https://git.example",
            "GITHUB_API_URL": api_url,
            "GITHUB_RUN_ID": "99",
            "GITHUB_STEP_SUMMARY": str(self.out.parent / "summary"),
            "GITHUB_OUTPUT": str(self.out.parent / "output"),
            "RUNNER_TEMP": str(self.out.parent),
        }

    def pull_request(self) -> dict[str, Any]:
        base, head = self.git("rev-parse", "main"), self.git("rev-parse", "HEAD")
        ends = {"base": {"sha": base}, "head": {"sha": head}}
        return {"pull_request": {"number": 7, "user": {"login": "dora"}, **ends}}


@pytest.fixture
def proposal(tmp_path: Path) -> Proposal:
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    world = Proposal(folder, tmp_path / "out")
    world.git("init", "-q", "-b", "main")
    world.git("add", "-A")
    world.git("commit", "-qm", "the first")
    world.git("checkout", "-q", "-b", "topic")
    return world


@pytest.fixture
def github() -> Iterator[StandIn]:
    with serving(StandIn()) as world:
        yield world


# ── reviewing ────────────────────────────────────────────────────────────────────────────────────


def test_at_home_a_change_is_reviewed(proposal: Proposal) -> None:
    base = proposal.git("rev-parse", "main")
    head = proposal.subject("Triple points, @anna")
    done = proposal.ci("--base", "main")
    assert done.exit_code == 0, done.output
    assert "plans that change: 1" in done.stdout and "success" in done.stdout
    assert sorted(each.name for each in proposal.out.iterdir()) == sorted(ARTIFACT)
    report = proposal.report()
    assert (report["base"], report["head"], report["conclusion"]) == (base, head, "success")
    comment = (proposal.out / "comment.md").read_text("utf-8")
    assert comment.startswith(MARKER) and "+ Triple points, @anna" in comment
    assert "Base `main` at" in comment
    assert "Triple points, @anna" in (proposal.out / "diff.html").read_text("utf-8")
    assert ElementTree.parse(proposal.out / "junit.xml").getroot().tag == "testsuites"
    sarif = json.loads((proposal.out / "results.sarif").read_text("utf-8"))
    assert sarif["runs"][0]["results"] == []


def test_what_happened_on_main_since_is_no_part_of_it(proposal: Proposal) -> None:
    proposal.subject("Triple points")
    proposal.git("checkout", "-q", "main")
    proposal.commit("README.md", "elsewhere")
    proposal.git("checkout", "-q", "topic")
    assert proposal.ci("--base", "main", "--head", "topic").exit_code == 0
    assert proposal.report()["base"] == proposal.git("rev-parse", "main~1")


def test_a_mistake_is_shown_at_home_as_check_does(proposal: Proposal) -> None:
    text = (proposal.folder / CAMPAIGN).read_text("utf-8")
    proposal.commit(CAMPAIGN, f"{text}subjekt: oops\n")
    done = proposal.ci("--base", "main")
    assert done.exit_code == 1 and f"--> {CAMPAIGN}:" in done.stderr
    assert proposal.report()["conclusion"] == "failure"
    assert "1 mistake" in (proposal.out / "comment.md").read_text("utf-8")


def test_nothing_to_compare_where_nothing_compiles(proposal: Proposal) -> None:
    (proposal.folder / "handbill.yaml").unlink()
    proposal.commit("README.md", "no platform any more")
    done = proposal.ci("--base", "main")
    assert done.exit_code == 1
    assert not (proposal.out / "diff.json").exists()
    assert "Nothing can be compiled" in (proposal.out / "comment.md").read_text("utf-8")
    assert proposal.report()["release"] is None


def test_owners_are_asked(proposal: Proposal) -> None:
    proposal.git("checkout", "-q", "main")
    text = (proposal.folder / "tenants/fresh-fields/tenant.yaml").read_text("utf-8")
    proposal.commit("tenants/fresh-fields/tenant.yaml", f'{text}owners: ["@anna"]\n')
    proposal.git("checkout", "-q", "topic")
    proposal.git("merge", "-q", "main")
    proposal.subject("Triple points")
    assert proposal.ci("--base", "main").exit_code == 1
    assert proposal.report()["conclusion"] == "held"
    assert "**Needs approval** by one of `@anna`" in (proposal.out / "comment.md").read_text()
    assert proposal.ci("--base", "main", "--approved-by", "anna").exit_code == 0
    assert proposal.report()["conclusion"] == "success"


def test_customers_are_counted_and_not_named(proposal: Proposal, tmp_path: Path) -> None:
    """A jump of an audience is held: 1 of 3 had ordered five times, all three have ordered."""
    data = tmp_path / "data" / "fresh-fields"
    data.mkdir(parents=True)
    rows = [f"secret-{n},{n}@shop.example,email.promotions,{n}\n" for n in (1, 2, 5)]
    head = "id,email,consent,lifetime_orders\n"
    (data / "customers.csv").write_text(head + "".join(rows), encoding="utf-8")
    text = (proposal.folder / CAMPAIGN).read_text("utf-8")
    proposal.git("checkout", "-q", "main")
    proposal.commit(CAMPAIGN, text.replace("lifetime_orders >= 1", "lifetime_orders >= 5"))
    proposal.git("checkout", "-qB", "topic")
    proposal.commit(CAMPAIGN, text)
    done = proposal.ci("--base", "main", "--customers", str(tmp_path / "data"))
    assert done.exit_code == 1 and "HB708" in done.stderr, done.output
    comment = (proposal.out / "comment.md").read_text("utf-8")
    assert "1 → 3 customers match (**2 join, 0 leave**)" in comment
    for file in proposal.out.iterdir():
        assert "secret-" not in file.read_text("utf-8"), file
    (data / "customers.csv").unlink()
    done = proposal.ci("--base", "main", "--customers", str(tmp_path / "data"))
    assert "fresh-fields: its customers could not be counted" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "HB740"),
        (["--base", "nope"], "HB721"),
        (["--base", "--output=x"], "HB720"),
        (["--base", "main", "--head", "nope"], "HB721"),
    ],
)
def test_what_cannot_be_compared(proposal: Proposal, arguments: list[str], code: str) -> None:
    done = proposal.ci(*arguments)
    assert done.exit_code == 1 and f"error[{code}]" in done.stderr and "help:" in done.stderr
    assert not proposal.out.exists()


def test_a_shallow_clone_without_the_base(proposal: Proposal) -> None:
    base = proposal.git("rev-parse", "main")
    proposal.subject("Triple points")
    shallow = proposal.folder.parent / "shallow"
    url = f"file://{proposal.folder}"
    proposal.git("clone", "-q", "--depth=1", "--branch=topic", url, str(shallow))
    proposal.folder = shallow
    done = proposal.ci("--base", base)
    assert done.exit_code == 1 and "shallow clone" in done.stderr and "fetch-depth" in done.stderr


# ── on GitHub ────────────────────────────────────────────────────────────────────────────────────


def test_a_pull_request_on_github(proposal: Proposal) -> None:
    proposal.subject("Triple points")
    proposal.on_github(proposal.pull_request())
    done = proposal.ci()
    assert done.exit_code == 0, done.output
    outputs = dict(
        line.split("=", 1) for line in (proposal.out.parent / "output").read_text().splitlines()
    )
    report = proposal.report()
    assert outputs == {
        "release": report["release"],
        "base": report["base"],
        "changed": "1",
        "conclusion": "success",
    }
    assert "+ Triple points" in (proposal.out.parent / "summary").read_text("utf-8")
    comment = (proposal.out / "comment.md").read_text("utf-8")
    assert "(https://git.example/shop/config/actions/runs/99)" in comment


def test_by_default_the_report_is_in_the_runners_folder(proposal: Proposal) -> None:
    proposal.subject("Triple points")
    proposal.on_github(proposal.pull_request())
    assert proposal.run("--root", str(proposal.folder)).exit_code == 0
    assert (proposal.out.parent / "handbill-review" / "review.json").is_file()


def test_mistakes_are_annotated_and_nothing_else_commands(proposal: Proposal) -> None:
    text = (proposal.folder / CAMPAIGN).read_text("utf-8")
    proposal.commit(CAMPAIGN, f"{text}'::add-mask::x': 1\n")
    proposal.on_github(proposal.pull_request())
    done = proposal.ci()
    assert done.exit_code == 1
    stopped, _, rest = done.stdout.partition("::stop-commands::")[2].partition("\n")
    inside, _, after = rest.partition(f"::{stopped}::\n")
    assert "::add-mask::x" in inside
    commands = [line for line in after.splitlines() if line.startswith("::")]
    assert len(commands) == 1 and commands[0].startswith(f"::error file={CAMPAIGN},line=")
    sarif = json.loads((proposal.out / "results.sarif").read_text("utf-8"))
    assert len(sarif["runs"][0]["results"]) == 1


def test_nothing_compiles_on_github(proposal: Proposal) -> None:
    (proposal.folder / "handbill.yaml").unlink()
    proposal.commit("README.md", "no platform any more")
    proposal.on_github(proposal.pull_request())
    assert proposal.ci().exit_code == 1
    assert "changed=0\nconclusion=failure" in (proposal.out.parent / "output").read_text()
    assert "Nothing can be compiled" in (proposal.out.parent / "summary").read_text("utf-8")


def test_approvals_are_those_on_github(proposal: Proposal, github: StandIn) -> None:
    text = (proposal.folder / "tenants/fresh-fields/tenant.yaml").read_text("utf-8")
    proposal.commit("tenants/fresh-fields/tenant.yaml", f'{text}owners: ["@anna"]\n')
    proposal.git("branch", "-f", "main")
    head = proposal.subject("Triple points")
    proposal.on_github(proposal.pull_request(), github.url)
    proposal.environment["GITHUB_TOKEN"] = TOKEN
    github.reviews = [review("anna", "APPROVED", "1" * 40)]
    assert proposal.ci().exit_code == 1
    github.reviews = [review("anna", "APPROVED", head)]
    assert proposal.ci().exit_code == 0


def test_a_malformed_event(proposal: Proposal) -> None:
    proposal.on_github([])
    done = proposal.ci()
    assert done.exit_code == 1 and "error[HB741]" in done.stderr


def test_an_api_that_refuses(proposal: Proposal, github: StandIn) -> None:
    proposal.on_github(proposal.pull_request(), github.url)
    proposal.environment["GITHUB_TOKEN"] = TOKEN
    github.failures = [("GET", 404, {}, False)]
    done = proposal.ci()
    assert done.exit_code == 1 and "error[HB746]" in done.stderr and "404" in done.stderr


# ── the comment ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reviewed(proposal: Proposal, github: StandIn) -> Proposal:
    """The review is done; now the event is that of its run's end."""
    head = proposal.subject("Triple points, @anna")
    assert proposal.ci("--base", "main").exit_code == 0
    github.pulls = [pull(7, head)]
    proposal.on_github({"workflow_run": {"head_sha": head, "id": 1234}}, github.url)
    proposal.environment["GITHUB_TOKEN"] = TOKEN
    return proposal


def comment(proposal: Proposal) -> Result:
    return proposal.run("comment", "--artifact", str(proposal.out))


def test_a_comment_is_written_and_then_updated(reviewed: Proposal, github: StandIn) -> None:
    done = comment(reviewed)
    assert (done.exit_code, done.stdout) == (0, "comment on #7: created\n"), done.output
    (written,) = github.comments
    assert "+ Triple points, @anna" in written["body"]
    assert "https://git.example/shop/config/actions/runs/1234" in written["body"]
    assert comment(reviewed).stdout == "comment on #7: unchanged\n"
    written["body"] = f"{MARKER}\nold"
    assert comment(reviewed).stdout == "comment on #7: updated\n"
    assert len(github.comments) == 1


def test_the_artifacts_own_comment_is_not_believed(reviewed: Proposal, github: StandIn) -> None:
    (reviewed.out / "comment.md").write_text("@everybody <img src=https://evil.example>")
    text = (reviewed.out / "diff.json").read_text("utf-8")
    hostile = "</code> `` @everybody <b>"
    (reviewed.out / "diff.json").write_text(text.replace("Triple points, @anna", hostile))
    assert comment(reviewed).exit_code == 0
    (written,) = github.comments
    assert f"+ {hostile}" in written["body"] and "img" not in written["body"]


def test_an_artifact_about_another_commit_is_refused(reviewed: Proposal, github: StandIn) -> None:
    report = reviewed.report()
    (reviewed.out / "review.json").write_text(json.dumps({**report, "head": "3" * 40}))
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB744]" in done.stderr and github.asked == []


def test_an_artifact_made_to_break_the_comment(reviewed: Proposal, github: StandIn) -> None:
    text = (reviewed.out / "diff.json").read_text("utf-8")
    huge = re.sub(r'"plans":1\b', f'"plans":{"9" * 5_000}', text)
    assert huge != text
    (reviewed.out / "diff.json").write_text(huge)
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB744]" in done.stderr and github.asked == []


def test_a_hostile_artifact_is_refused(reviewed: Proposal, github: StandIn) -> None:
    (reviewed.out / "run.sh").write_text("x")
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB743]" in done.stderr and github.asked == []


def test_a_pull_request_that_has_moved_on(reviewed: Proposal, github: StandIn) -> None:
    github.pulls = [pull(7, "4" * 40)]
    done = comment(reviewed)
    assert done.exit_code == 0 and "note[HB745]" in done.stderr and github.comments == []


def test_without_a_token(reviewed: Proposal, github: StandIn) -> None:
    del reviewed.environment["GITHUB_TOKEN"]
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB742]: GITHUB_TOKEN" in done.stderr
    reviewed.environment |= {"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "../x"}
    assert "error[HB742]: GITHUB_REPOSITORY" in comment(reviewed).stderr


def test_another_event(reviewed: Proposal, github: StandIn) -> None:
    token = reviewed.environment["GITHUB_TOKEN"]
    reviewed.on_github(reviewed.pull_request(), github.url)
    reviewed.environment["GITHUB_TOKEN"] = token
    assert "error[HB748]" in comment(reviewed).stderr


def test_an_api_that_refuses_the_comment(reviewed: Proposal, github: StandIn) -> None:
    github.failures = [("POST", 403, {}, False)]
    done = comment(reviewed)
    assert done.exit_code == 1 and "error[HB746]" in done.stderr
