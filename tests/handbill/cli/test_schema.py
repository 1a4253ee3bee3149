"""`handbill schema export` writes what the models say, beside the configuration it is about."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from jsonschema import Draft7Validator, Draft202012Validator

from handbill.cli.schema import schema

ROOT = Path(__file__).parents[3]


def export(root: Path) -> Result:
    return CliRunner().invoke(schema, ["export", "--root", str(root)], catch_exceptions=False)


def test_every_file_is_a_schema_and_named(tmp_path: Path) -> None:
    (tmp_path / "handbill.yaml").write_text("")
    result = export(tmp_path / ".")
    assert result.exit_code == 0
    written = sorted(path.relative_to(tmp_path) for path in (tmp_path / "schemas").rglob("*.json"))
    assert sorted(result.stdout.split()) == [path.as_posix() for path in written]
    assert Path("schemas/plan.schema.json") in written and len(written) > 10
    for path in written:
        document = json.loads((tmp_path / path).read_text("utf-8"))
        old = "draft-07" in document["$schema"]
        (Draft7Validator if old else Draft202012Validator).check_schema(document)


def test_what_is_checked_in_is_what_would_be_written(tmp_path: Path) -> None:
    (tmp_path / "handbill.yaml").write_text("")
    export(tmp_path)
    for path in (tmp_path / "schemas").rglob("*.json"):
        here = ROOT / path.relative_to(tmp_path)
        assert here.read_bytes() == path.read_bytes(), here


def test_from_a_folder_below_it_finds_the_root(tmp_path: Path) -> None:
    (tmp_path / "handbill.yaml").write_text("")
    (tmp_path / "tenants").mkdir()
    export(tmp_path / "tenants")
    assert (tmp_path / "schemas" / "plan.schema.json").is_file()
    assert not (tmp_path / "tenants" / "schemas").exists()


def test_outside_of_a_configuration_nothing_is_written(tmp_path: Path) -> None:
    result = export(tmp_path)
    assert result.exit_code == 1 and "error[HB114]" in result.stderr
    assert list(tmp_path.iterdir()) == []
