"""`handbill diff` in a real repository with a real store. What it says is for the golden cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from handbill.cli.diff import diff

ROOT = Path(__file__).parents[3]
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        diff, ["--at", "2026-11-24T12:00Z", *arguments], catch_exceptions=False
    )


@pytest.fixture
def here(published, monkeypatch: pytest.MonkeyPatch):
    """A repository with one commit, published, and an edit in its folder that is not committed."""
    path = published.folder / CAMPAIGN
    monkeypatch.chdir(published.folder)
    text = path.read_text("utf-8")
    published.publish()
    path.write_text(text.replace("this weekend", "until Sunday"), encoding="utf-8")
    return published


def test_the_folder_is_compared_where_head_is_left_out(here) -> None:
    done = run("HEAD")
    assert done.exit_code == 0
    assert "[-this weekend-]{+until Sunday+}" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_exit_code_tells_where_it_is_asked_for(here) -> None:
    assert run("HEAD", "--detailed-exitcode").exit_code == 4
    assert run("HEAD", "HEAD", "--detailed-exitcode").exit_code == 0


def test_what_is_published_is_verified_and_compared(here) -> None:
    trust = ("--trust", f"{here.key}.pub", "--store", here.store.as_uri())
    done = run("store:staging", *trust)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("1 campaign of fresh-fields changes;")
    same = run("store:staging", "HEAD", *trust)
    assert same.stdout.startswith("nothing changes for customers; 1 plan is identical")
    both = run("HEAD", "store:staging", "--detailed-exitcode", *trust)
    assert both.exit_code == 0


def test_a_damaged_store_is_no_side(here) -> None:
    trust = ("--trust", f"{here.key}.pub", "--store", here.store.as_uri())
    for pack in (here.store / "packs").rglob("*"):
        if pack.is_file():
            pack.write_bytes(pack.read_bytes()[:-1])
    done = run("store:staging", *trust)
    assert done.exit_code == 1
    assert "error[HB805]" in done.output


def test_a_store_needs_a_key_and_a_publication(here, tmp_path: Path) -> None:
    assert "error[HB726]" in run("store:staging").output
    trust = ("--trust", f"{here.key}.pub")
    nothing = ("--store", (tmp_path / "empty").as_uri(), *trust)
    empty = run("HEAD", "store:staging", *nothing)
    assert (empty.exit_code, "error[HB727]" in empty.output) == (1, True)
    first = run("store:staging", "HEAD", *nothing)
    assert first.exit_code == 0 and "fresh-fields/hello starts" in first.stdout
    assert "store:staging (nothing yet)" in first.stdout


def test_two_folders(here, tmp_path: Path) -> None:
    here.git("worktree", "add", "-q", str(tmp_path / "before"), "HEAD")
    done = run(str(tmp_path / "before"), ".")
    assert done.stdout.startswith("1 campaign of fresh-fields changes;")


def test_json_is_what_its_schema_says(here) -> None:
    report = json.loads(run("HEAD", "--output", "json").stdout)
    schema = json.loads((ROOT / "schemas" / "diff.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(report)
    assert report["entries"][0]["subjects"][0]["file"] == CAMPAIGN


@pytest.mark.parametrize(("output", "said"), [("markdown", "hello"), ("html", "<!doctype html>")])
def test_other_forms_are_written_to_a_file(here, tmp_path: Path, output: str, said: str) -> None:
    out = tmp_path / "report"
    done = run("HEAD", "--output", output, "--out", str(out))
    assert (done.exit_code, done.stdout.strip()) == (0, str(out))
    assert said in out.read_text("utf-8")


def test_a_head_with_errors_has_no_answer(here) -> None:
    path = here.folder / CAMPAIGN
    path.write_text(path.read_text("utf-8").replace("lifetime_orders", "lifetime_order"))
    done = run("HEAD")
    assert done.exit_code == 1
    assert "not compared, because of errors: fresh-fields" in done.output
    assert "error[HB505]" in done.output


def test_customers_are_counted_where_their_data_is_given(here, tmp_path: Path) -> None:
    path = here.folder / CAMPAIGN
    text = path.read_text("utf-8")
    path.write_text(text.replace("lifetime_orders >= 1", "lifetime_orders >= 5"), encoding="utf-8")
    data = tmp_path / "data" / "fresh-fields"
    data.mkdir(parents=True)
    rows = "id,email,consent,lifetime_orders\na,a@shop.example,email.promotions,1\n"
    (data / "customers.csv").write_text(rows, encoding="utf-8")
    done = run("HEAD", "--customers", str(data.parent))
    assert "1 → 0 customers: 0 join, 1 leave; 1 → 0 reached" in done.stdout
    assert (
        "a leaves: audience.include: `customer.lifetime_orders >= 5` does not hold" in done.stdout
    )
    (data / "customers.csv").unlink()
    missing = run("HEAD", "--customers", str(data.parent))
    assert missing.exit_code == 0
    assert "fresh-fields: its customers could not be counted" in missing.stderr
    assert run("HEAD", "--customers", str(tmp_path / "nowhere")).exit_code == 2


def test_the_pages_of_a_remembered_compile_have_their_personas(here) -> None:
    persona = here.folder / "personas" / "ann.yaml"
    persona.parent.mkdir()
    persona.write_text(
        "customer: {id: ann, consent: [email.promotions], email: ann@shop.example, "
        "lifetime_orders: 3}\n",
        encoding="utf-8",
    )
    for _ in range(2):
        report = json.loads(run("HEAD", "--output", "json").stdout)
        (content,) = (a for a in report["entries"][0]["aspects"] if a["aspect"] == "content")
        assert "ann" in [pair["after"]["persona"] for pair in content["pairs"]]
