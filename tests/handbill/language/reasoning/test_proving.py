"""Claims examined: a finding only where no campaign that makes one can meet it."""

from __future__ import annotations

from asking import VOCABULARY, rule

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.language.reasoning.claims import Claim, ClaimKind, Claims
from handbill.language.reasoning.proving import is_worth_saying, prove
from handbill.language.reasoning.question import UNCONFIRMED, negation
from handbill.language.reasoning.reasoner import Reasoner


def place(line: int) -> SourceRange:
    return SourceRange("tenants/green/campaigns/a.yaml", line, 1, line, 9)


def claims(*each: Claim, tenant: str = "green", campaign: str = "a") -> Claims:
    return Claims(tenant, campaign, VOCABULARY, each)


def claim(kind: ClaimKind, *texts: str, line: int = 1, subject: str = "") -> Claim:
    return Claim(kind, tuple(rule(text) for text in texts), place(line), subject)


def said(found: tuple[Diagnostic, ...]) -> list[tuple[str, str, str]]:
    return [(each.code, each.severity.value, each.message) for each in found]


def test_an_audience_without_anybody(reasoner: Reasoner) -> None:
    include = "customer.orders > 9 and customer.is_staff and customer.orders < 5"
    (found,) = prove([claims(claim(ClaimKind.INCLUDED, include))], reasoner)
    assert (found.code, found.severity) == ("HB540", Severity.ERROR)
    assert found.notes == ("nobody meets `customer.orders > 9` and `customer.orders < 5` together",)
    assert found.tenant == "green"
    (found,) = prove([claims(claim(ClaimKind.INCLUDED, "customer.orders > 5000"))], reasoner)
    assert found.notes == ("`customer.orders > 5000` holds for nobody",)


def test_exclusions_that_leave_nobody(reasoner: Reasoner) -> None:
    left = claim(ClaimKind.LEFT, "customer.is_staff", "not customer.is_staff")
    assert said(prove([claims(left)], reasoner)) == [
        ("HB540", "error", "the exclusions leave nobody in this audience")
    ]


def test_exclusions_are_not_blamed_for_a_rule_that_nobody_meets(reasoner: Reasoner) -> None:
    never = "customer.orders > 5000"
    both = claims(
        claim(ClaimKind.INCLUDED, never),
        claim(ClaimKind.LEFT, never, "not customer.is_staff"),
    )
    assert said(prove([both], reasoner)) == [("HB540", "error", "nobody can be in this audience")]


def test_each_kind_has_its_words(reasoner: Reasoner) -> None:
    never = "customer.orders > 5000"
    found = prove(
        [
            claims(
                claim(ClaimKind.NOT_EVERYONE, never, line=1),
                claim(ClaimKind.EXCLUDED, never, line=2, subject="few"),
                claim(ClaimKind.OFFERED, never, line=3, subject="ten-off"),
                claim(ClaimKind.TAKEN, never, line=4),
                claim(ClaimKind.NOT_TAKEN, never, line=5),
                Claim(ClaimKind.NOT_TAKEN, (rule(never),), place(6), otherwise=True),
            )
        ],
        reasoner,
    )
    assert [each.code for each in found] == ["HB541", "HB542", "HB543", "HB544", "HB545", "HB545"]
    assert {each.severity for each in found} == {Severity.WARNING}
    assert "`few` excludes nobody" in found[1].message
    assert "nobody gets `ten-off`" in found[2].message
    assert "`else` is never sent" in found[5].message and "else" not in found[4].message


def test_what_is_possible_is_not_mentioned(reasoner: Reasoner) -> None:
    fine = [claim(kind, "customer.orders > 3") for kind in ClaimKind]
    assert prove([claims(*fine)], reasoner) == ()


def test_shared_text_is_wrong_only_if_it_is_for_all(reasoner: Reasoner) -> None:
    never = claims(claim(ClaimKind.TAKEN, "customer.orders > 5000"))
    sometimes = claims(claim(ClaimKind.TAKEN, "customer.orders > 5"), tenant="blue")
    assert prove([never, sometimes], reasoner) == ()
    also_never = claims(claim(ClaimKind.TAKEN, "customer.orders < 0"), tenant="blue")
    (found,) = prove([never, also_never], reasoner)
    assert (found.code, found.tenant) == ("HB544", None)


def test_nothing_more_is_said_of_an_empty_audience(reasoner: Reasoner) -> None:
    found = prove(
        [
            claims(
                claim(ClaimKind.INCLUDED, "customer.orders > 5000"),
                claim(ClaimKind.TAKEN, "customer.orders > 5000", line=7),
            )
        ],
        reasoner,
    )
    assert [each.code for each in found] == ["HB540"]


def test_nothing_more_is_said_of_what_nobody_comes_to(reasoner: Reasoner) -> None:
    never = "customer.orders > 5000"
    found = prove(
        [claims(claim(ClaimKind.TAKEN, never), claim(ClaimKind.NOT_TAKEN, never))], reasoner
    )
    assert [each.code for each in found] == ["HB544"]


def test_what_is_undecided_is_said_of_audiences_alone() -> None:
    hard = rule("customer.email | lower | endswith('@x.example')")
    easy = negation(rule("customer.email | endswith('@x.example')"))
    undecided = (negation(hard), negation(easy))
    with Reasoner() as reasoner:
        found = prove(
            [
                claims(
                    Claim(ClaimKind.LEFT, undecided, place(1)),
                    Claim(ClaimKind.TAKEN, undecided, place(2)),
                )
            ],
            reasoner,
        )
        assert [(each.code, each.severity) for each in found] == [("HB549", Severity.NOTE)]
        late = prove(
            [claims(claim(ClaimKind.LEFT, "customer.orders > 5000"))], reasoner, budget_seconds=-1
        )
    assert [each.notes for each in late] == [
        ("because the configuration has too many open questions",)
    ]


def test_a_culprit_that_has_no_words_is_not_passed_over(reasoner: Reasoner) -> None:
    few = "customer.purchases | within('30 days', attribute='day') | count >= 3"
    include = f"customer.orders < 3 and ({few}) and not ({few})"
    (found,) = prove([claims(claim(ClaimKind.INCLUDED, include))], reasoner)
    assert found.code == "HB540"
    include = "customer.orders > 9 and (customer.orders < 5 or customer.orders | abs < 4)"
    (found,) = prove([claims(claim(ClaimKind.INCLUDED, include))], reasoner)
    assert found.notes


def test_of_rules_about_rows_it_is_not_said_that_no_example_was_found(reasoner: Reasoner) -> None:
    text = Claim(ClaimKind.LEFT, (rule("customer.email is defined"),), place(1))
    rows = Claim(ClaimKind.LEFT, (rule("customer.purchases | count >= 3"),), place(1))
    assert is_worth_saying(text, UNCONFIRMED)
    assert not is_worth_saying(rows, UNCONFIRMED)
    assert is_worth_saying(rows, "it takes too long to decide")
    taken = Claim(ClaimKind.TAKEN, text.conditions, place(1))
    assert not is_worth_saying(taken, UNCONFIRMED)
