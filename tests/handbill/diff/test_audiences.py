from __future__ import annotations

from diff_world import BASE, HELLO, campaign, changed, compared

from handbill.diff.model import AudienceChange, Entry

SCHEMA = "schemas/customer.schema.json"
RULE = "customer.lifetime_orders >= 1"


def audience(rule: str) -> str:
    return campaign((f"audience: {RULE}", f"audience: {rule}"))


def audience_of(entry: Entry) -> AudienceChange:
    (change,) = (each for each in entry.aspects if isinstance(each, AudienceChange))
    return change


def clauses(change: AudienceChange) -> dict[str, tuple[str, str]]:
    return {each.name: (each.before, each.after) for each in change.clauses}


def test_each_clause_is_told_by_its_name() -> None:
    before = audience(
        "{include: everyone, exclude: {staff: customer.is_employee | default(false)}}"
    )
    after = audience(
        "{include: customer.lifetime_orders >= 2, exclude: {far: customer.state is not defined},"
        " limit: 500, rank: customer.lifetime_orders}"
    )
    change = audience_of(changed(after, before))
    assert clauses(change) == {
        "include": ("everyone", "customer.lifetime_orders >= 2"),
        "exclude.far": ("", "customer.state is not defined"),
        "exclude.staff": ("customer.is_employee | default(false)", ""),
        "limit": ("", "500"),
        "rank": ("", "customer.lifetime_orders"),
    }
    assert change.relation == "mixed"


def test_the_same_customers_by_another_rule() -> None:
    change = audience_of(changed(audience("customer.lifetime_orders > 0")))
    assert change.relation == "equal"
    assert (change.lost.answer, change.gained.answer, change.kept.answer) == ("no", "no", "yes")
    assert clauses(change) == {"include": (RULE, "customer.lifetime_orders > 0")}


def test_an_exclusion_alone_loses_those_whom_it_names() -> None:
    rule = f"{{include: {RULE}, exclude: {{staff: customer.is_employee | default(false)}}}}"
    change = audience_of(changed(audience(rule)))
    assert change.relation == "narrowed"
    assert change.lost.customer == {"is_employee": True, "lifetime_orders": 1}


def test_an_example_names_only_what_the_rules_read() -> None:
    change = audience_of(changed(audience("customer.tier | default('basic') == 'gold'")))
    for witness in (change.lost, change.gained, change.kept):
        assert witness.customer is not None
        assert set(witness.customer) <= {"lifetime_orders", "tier"}
    assert change.gained.customer == {"lifetime_orders": 0, "tier": "gold"}


def test_other_customers_altogether() -> None:
    change = audience_of(changed(audience("customer.lifetime_orders == 0")))
    assert change.relation == "disjoint"
    assert change.kept.answer == "no"


def test_a_campaign_that_is_new_had_nobody() -> None:
    (entry,) = compared({HELLO: None}, {}).entries
    change = audience_of(entry)
    assert (change.relation, change.lost.answer, change.gained.answer) == ("widened", "no", "yes")
    assert clauses(change) == {"include": ("", RULE)}
    (gone,) = compared({}, {HELLO: None}).entries
    assert audience_of(gone).relation == "narrowed"
    assert clauses(audience_of(gone)) == {"include": (RULE, "")}


def test_an_audience_that_is_written_the_same_is_not_told() -> None:
    entry = changed(campaign(("Double", "Triple")))
    assert not [each for each in entry.aspects if isinstance(each, AudienceChange)]


def test_customers_are_those_that_either_side_declares() -> None:
    text = (BASE / SCHEMA).read_text("utf-8")
    old = '"lifetime_orders": {"type": "integer", "minimum": 0, "maximum": 100000}'
    assert old in text
    five = {SCHEMA: text.replace(old, old.replace('"minimum": 0', '"minimum": 5'))}
    fewer = {HELLO: audience("customer.lifetime_orders >= 3")}
    (entry,) = compared(five, fewer).entries
    assert audience_of(entry).lost.customer == {"lifetime_orders": 1}
    (entry,) = compared(five, {**five, **fewer}).entries
    assert audience_of(entry).relation == "equal"
