"""The models that dbt reads: as many as asked for, each described, none like another."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from benchmarks.dbt_project import VARIABLE, find_dbt, write_project


def test_models_differ_and_are_described(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write_project(root, 25)
    models = {path.stem: path.read_text() for path in root.rglob("*.sql")}
    assert len(models) == len(set(models.values())) == 25
    described = [
        model["name"]
        for path in root.rglob("models.yml")
        for model in yaml.safe_load(path.read_text())["models"]
    ]
    assert sorted(described) == sorted(models)
    referred = [text.split("ref('")[1].split("'")[0] for text in models.values() if "ref(" in text]
    assert len(referred) == 22 and set(referred) <= models.keys()


def test_a_dbt_that_is_there_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/usr/bin/dbt")
    assert find_dbt() == Path("/usr/bin/dbt")
