"""Workflows of a new repository are what GitHub takes, and name nothing that only stands here."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from handbill.authoring.workflows import workflow_files

ACTION = f"shop/handbill@{'a' * 40}"
SCHEMA = json.loads(
    (files("check_jsonschema") / "builtin_schemas/vendor/github-workflows.json").read_text("utf-8")
)


def read(text: str) -> Any:
    """As YAML 1.2, where `on` is a word."""
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("path", workflow_files(ACTION))
def test_github_takes_it_and_it_uses_the_action(path: str) -> None:
    text = workflow_files(ACTION)[path]
    Draft7Validator(SCHEMA).validate(read(text))
    assert f"uses: {ACTION}\n" in text
    assert "uses: ./" not in text and "path: compiler" not in text


def test_steps_are_left_whole() -> None:
    plan = read(workflow_files(ACTION)[".github/workflows/plan.yml"])
    steps = plan["jobs"]["plan"]["steps"]
    assert [step["name"] for step in steps] == ["The proposal, as data", "Review"]
