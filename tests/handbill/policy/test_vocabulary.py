from __future__ import annotations

import pytest

from handbill.language.expression import compile_expression
from handbill.plan.types import BoolType
from handbill.policy.vocabulary import CHANGE_RECORD, PLAN_RECORD, SCOPE
from handbill.source.text import SourceText


def codes(text: str) -> list[str]:
    found = compile_expression(SourceText.of_file("handbill.yaml", text), SCOPE, BoolType())
    return [each.code for each in found.diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        "change.audience.growth > 10",
        "plan.sms_segments > 2",
        "'sms' in plan.channels and plan.class == 'marketing'",
        "plan.ends is defined and plan.ends > '2026-12-31'",
        "change.kind in ['removed', 'stopped'] or change.share_removed >= 2.5",
        "'offer' in change.aspects and 'birthday' not in plan.fields",
        "plan.limit | default(1000000) > 50000",
        "change.audience.clauses | count > 1",
    ],
)
def test_what_policies_may_say(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("change.audience.grwth > 10", "HB505"),
        ("plan.sms_segment > 2", "HB505"),
        ("plan.ends > '2026-12-31'", "HB501"),
        ("plan.limit > 3", "HB501"),
        ("customer.points > 3", "HB504"),
        ("run.date > '2026-12-31'", "HB504"),
        ("plan.priority", "HB524"),
        ("change.audience", "HB524"),
        ("plan", "HB507"),
    ],
)
def test_what_they_may_not(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_a_value_that_no_campaign_can_have_is_told() -> None:
    assert codes("plan.trigger == 'event'") != []


def test_only_what_exists_by_nature_is_optional() -> None:
    optional = {name for name, member in PLAN_RECORD.fields.items() if not member.required}
    assert optional == {"limit", "sends_on", "starts", "ends"}
    assert all(member.required for member in CHANGE_RECORD.fields.values())
