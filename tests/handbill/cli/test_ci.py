"""`handbill ci` on real repositories: at home, and in GitHub's surroundings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from github_stand_in import TOKEN, StandIn, review, serving
from proposal_world import CAMPAIGN, Proposal, new_proposal

from handbill.ci.report import ARTIFACT
from handbill.diff.renderers.markdown import MARKER


@pytest.fixture
def proposal(tmp_path: Path) -> Proposal:
    return new_proposal(tmp_path)


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


def test_edits_that_are_not_committed_are_told_of(proposal: Proposal) -> None:
    proposal.subject("Triple points")
    told = "edits that are not committed are not reviewed"
    assert told not in proposal.ci("--base", "main").stderr
    path = proposal.folder / CAMPAIGN
    path.write_text(path.read_text("utf-8") + "# later", encoding="utf-8")
    assert told in proposal.ci("--base", "main").stderr
    assert told not in proposal.ci("--base", "main", "--head", "HEAD").stderr


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
