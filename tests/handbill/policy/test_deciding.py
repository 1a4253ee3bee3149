from __future__ import annotations

import datetime

import pytest

from handbill.language.expression import compile_expression
from handbill.plan.ir import Expression
from handbill.plan.types import BoolType
from handbill.plan.values import Context
from handbill.policy.deciding import decide, paths_in
from handbill.policy.vocabulary import SCOPE
from handbill.source.text import SourceText

GROWTH = ("change", "audience", "growth")
VALUES: Context = {
    ("plan", "priority"): 50,
    ("plan", "class"): "marketing",
    ("plan", "everyone"): True,
    ("plan", "ends"): None,
    ("plan", "starts"): datetime.date(2026, 12, 1),
    ("change", "audience"): (0, 0, (), None, 0, 0, 0, 0, "equal"),
}


def compiled(text: str) -> Expression:
    found = compile_expression(SourceText.of_file("handbill.yaml", text), SCOPE, BoolType())
    assert found.expression is not None, found.diagnostics
    return found.expression


UNKNOWN = "change.audience.growth > 10"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("plan.priority > 40", True),
        ("plan.priority > 50", False),
        (UNKNOWN, None),
        (f"not ({UNKNOWN})", None),
        (f"not (plan.everyone or {UNKNOWN})", False),
        (f"plan.priority > 50 and {UNKNOWN}", False),
        (f"{UNKNOWN} and plan.priority > 50", False),
        (f"plan.priority > 40 and {UNKNOWN}", None),
        (f"plan.priority > 40 or {UNKNOWN}", True),
        (f"{UNKNOWN} or plan.priority > 40", True),
        (f"plan.priority > 50 or {UNKNOWN}", None),
        (f"({UNKNOWN}) if plan.everyone else false", None),
        (f"false if plan.everyone else ({UNKNOWN})", False),
        (f"plan.everyone if {UNKNOWN} else plan.priority > 40", True),
        (f"plan.everyone if {UNKNOWN} else plan.priority > 50", None),
        ("plan.ends is defined and plan.ends > '2026-12-31'", False),
        ("plan.ends is not defined or plan.ends > '2026-12-31'", True),
        ("plan.starts is defined and plan.starts > '2026-11-30'", True),
        (f"plan.ends is defined and {UNKNOWN} and plan.ends > '2026-12-31'", False),
        ("change.audience.growth is defined", True),
        ("change.audience.growth | default(0) > 10", None),
    ],
)
def test_three_values(text: str, answer: bool | None) -> None:
    assert decide(compiled(text), VALUES, {GROWTH}) is answer


def test_what_is_read_names_members_of_objects() -> None:
    read = paths_in(compiled(f"{UNKNOWN} and plan.everyone"))
    assert {GROWTH, ("plan", "everyone")} <= read
