"""`handbill data check` on a small retailer's files, as its user runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.cli.data import _lines, data
from handbill.cli.dataset_report import DatasetReport

BASE = Path(__file__).parents[2] / "golden" / "base"

CLEAN = """id,first_name,consent,lifetime_orders,store
a,Ann,email.promotions,3,ff-troy-12
b,,email.promotions|sms.promotions,0,
"""
FLAWED = """id,first_name,consent,lifetime_orders,store,color
a,Ann,email.promotions,3,nowhere,red
b,Bob,email.promotions,many,,blue
c,Cy,email.promotions,,,
d,Di,email.promotions,1,,
d,Dee,email.promotions,2,,
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "config")
    return tmp_path / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def put(folder: Path, text: str, tenant: str = "fresh-fields") -> None:
    (folder / tenant).mkdir(parents=True)
    (folder / tenant / "customers.csv").write_text(text, encoding="utf-8")


def check(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(data, ["check", "--root", str(config), *arguments])


def test_clean_data_is_counted(config: Path, folder: Path) -> None:
    put(folder, CLEAN)
    result = check(config, "--data", str(folder))
    assert result.exit_code == 0, result.output
    assert "fresh-fields customers: 2 rows, 2 good, 0 left out" in result.output
    assert "not in the file" in result.output


def test_flaws_are_counted_with_their_reasons(config: Path, folder: Path) -> None:
    put(folder, FLAWED)
    result = check(config, "--data", str(folder), "fresh-fields")
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "fresh-fields customers: 5 rows, 1 good, 4 left out" in lines
    assert "quarantined lifetime_orders: 2 rows (b, c)" in lines
    assert "not unique 2 rows with another row's key" in lines
    assert "treated as missing store: 1 value" in lines
    assert "not declared color" in lines


def test_rows_that_only_columns_nobody_reads_would_leave_out_are_told_apart(
    config: Path, folder: Path
) -> None:
    hello = config / "tenants/fresh-fields/campaigns/hello.yaml"
    text = hello.read_text(encoding="utf-8")
    hello.write_text(
        text.replace("audience: customer.lifetime_orders >= 1", "audience: everyone"),
        encoding="utf-8",
    )
    put(folder, FLAWED)
    result = check(config, "--data", str(folder), "fresh-fields")
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "fresh-fields customers: 5 rows, 3 good, 2 left out" in lines
    unread = "not read yet lifetime_orders: 2 rows (b, c) would be left out"
    assert f"{unread} if an active campaign read it" in lines
    assert not any(line.startswith("quarantined") for line in lines)


REFUSALS = """id,first_name,consent,lifetime_orders,declined
a,Ann,email.promotions,3,"email.promotions, sms.promotions"
b,Bob,email.promotion,3,Email.Promotions|sms
c,Cy,Email.Promotions|email.promotions,3,
"""


def test_what_consent_and_declined_list_is_looked_up(config: Path, folder: Path) -> None:
    put(folder, REFUSALS)
    schema = config / "schemas" / "customer.schema.json"
    document = json.loads(schema.read_text(encoding="utf-8"))
    document["properties"]["declined"] = document["properties"]["consent"]
    schema.write_text(json.dumps(document), encoding="utf-8")
    result = check(config, "--data", str(folder))
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "fresh-fields customers: 3 rows, 2 good, 1 left out" in lines
    assert "quarantined declined: an entry is not channel.category: 1 row (a)" in lines
    assert "allows nothing consent: 2 rows with an entry that is not channel.category" in lines


CORNER_SHOP = """
name: Corner Shop
locale: en-US
timezone: America/New_York
currency: USD
brand:
  site: https://cornershop.example
  postal_address: 1 Main Street, Albany NY 12207
  link_domains: [cornershop.example]
channels:
  email: {provider: mail, from: "Corner Shop <hello@cornershop.example>"}
data:
  customers: {key: id, address: {email: email}}
"""


def test_a_tenant_without_the_dataset_that_a_field_refers_to(config: Path, folder: Path) -> None:
    tenant = config / "tenants" / "corner-shop"
    tenant.mkdir()
    (tenant / "tenant.yaml").write_text(CORNER_SHOP, encoding="utf-8")
    put(folder, CLEAN, "corner-shop")
    result = check(config, "--data", str(folder), "corner-shop")
    assert result.exit_code == 0, result.output
    assert "corner-shop customers: 2 rows, 2 good, 0 left out" in result.output
    assert "not checked         store: corner-shop has no stores" in result.output
    assert "treated as missing" not in result.output
    document = json.loads(
        check(config, "--data", str(folder), "corner-shop", "--output", "json").stdout
    )
    assert document["datasets"][0]["unchecked"] == {"store": "stores"}


def test_as_json(config: Path, folder: Path) -> None:
    put(folder, FLAWED)
    result = check(config, "--data", f"file://{folder}/{{tenant}}", "--output", "json")
    document = json.loads(result.stdout)
    assert document["version"] == 1
    (report,) = document["datasets"]
    assert report["quarantined"] == [
        {"columns": "lifetime_orders", "rows": 2, "examples": ["b", "c"]}
    ]
    assert report["invalid"] == {"store": 1}


def test_a_missing_file_is_a_fault(config: Path, folder: Path) -> None:
    result = check(config, "--data", str(folder))
    assert result.exit_code == 1
    assert "fresh-fields customers: cannot be used" in result.output
    assert "neither customers.parquet nor customers.csv" in result.output


def test_data_below_an_environments_root(config: Path, folder: Path) -> None:
    put(folder, CLEAN)
    environment = config / "environments" / "staging.yaml"
    lines = environment.read_text(encoding="utf-8").splitlines()
    root = f'data: {{root: "file://{folder}/{{tenant}}"}}'
    environment.write_text(
        "\n".join(root if line.startswith("data:") else line for line in lines), encoding="utf-8"
    )
    result = check(config, "--env", "staging")
    assert result.exit_code == 0, result.output
    assert "2 good" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say where the data is: --env (staging)"),
        (["--env", "moon"], "there is no environments/moon.yaml"),
        (["--data", "x", "fresh-feilds"], "did you mean fresh-fields?"),
        (["--data", "x", "zzz"], "there is no tenant `zzz`"),
    ],
)
def test_wrong_arguments_are_explained(config: Path, arguments: list[str], words: str) -> None:
    result = check(config, *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_another_scheme_is_refused(config: Path) -> None:
    result = check(config, "--data", "s3://bucket/{tenant}")
    assert result.exit_code == 1
    assert "HB940" in result.output


def test_a_tenant_with_errors_is_not_looked_at(config: Path, folder: Path) -> None:
    shutil.copytree(config / "tenants" / "fresh-fields", config / "tenants" / "other")
    campaign = config / "tenants" / "other" / "campaigns" / "hello.yaml"
    campaign.write_text("nonsense: true\n", encoding="utf-8")
    put(folder, CLEAN)
    result = check(config, "--data", str(folder))
    assert result.exit_code == 1
    assert "fresh-fields customers: 2 rows" in result.output
    assert "not looked at, see handbill check: other" in result.output
    named = check(config, "--data", str(folder), "other")
    assert "`other` has errors" in named.output


def test_a_configuration_that_does_not_compile(config: Path) -> None:
    (config / "handbill.yaml").write_text("categories: 7\n", encoding="utf-8")
    result = check(config, "--data", "x")
    assert result.exit_code == 1
    assert "does not compile" in result.output


def test_no_configuration_at_that_revision(config: Path) -> None:
    result = check(config, "--data", "x", "--rev", "HEAD")
    assert result.exit_code == 1
    assert "no configuration here" in result.output


def test_midnights_come_with_what_to_declare() -> None:
    report = DatasetReport("corner-shop", "visits", rows=10, only_days=("seen",))
    assert list(_lines(report))[1] == (
        "  only days           seen: each is midnight in UTC, and west of it that is the evening"
        ' before; where these are days, declare "format": "date"'
    )
