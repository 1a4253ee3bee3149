from __future__ import annotations

from policy_world import PLATFORM, compiled, platform, policy

from handbill.policy.check import policies_of


def test_a_policy_knows_what_it_reads() -> None:
    about_both = policy("plan.everyone and change.kind == 'started'")
    assert {("plan", "everyone"), ("change", "kind")} <= about_both.reads
    assert about_both.is_about_changes
    assert not policy("plan.everyone").is_about_changes


def test_a_mistake_leaves_a_policy_without_a_condition() -> None:
    made = compiled({PLATFORM: platform("{name: a, when: plan.evryone, level: warn}")})
    (broken,), found = policies_of(made)
    assert broken.condition is None and broken.reads == frozenset()
    assert [(each.code, str(each.range)) for each in found] == [("HB505", "handbill.yaml:5:26")]


def test_a_condition_over_several_lines_has_its_place() -> None:
    text = (
        platform()
        + "policies:\n  - name: a\n    level: warn\n    when: >-\n      plan.everyone and\n      plan.evryone\n"
    )
    _, (found,) = policies_of(compiled({PLATFORM: text}))
    assert found.range is not None and found.range.file == PLATFORM
