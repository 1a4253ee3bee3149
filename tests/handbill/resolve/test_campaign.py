"""One campaign through all of its layers: variants, checks, and what a reader of it sees."""

from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.resolve.model import ResolvedCampaign, ResolvedRepository

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
WINBACK = "tenants/green/campaigns/winback.yaml"
SALE = "tenants/green/campaigns/sale.yaml"
EXPERIMENT = """\
experiment:
  name: words
  variants:
    plain: {weight: 30}
    warm: {weight: 70, message: {email: {subject: "Come home"}}, with: {discount: 25}}
"""


def campaign(outcome: Outcome, name: str = "winback") -> ResolvedCampaign:
    repository, diagnostics = outcome
    assert not has_errors(diagnostics), diagnostics
    return repository.tenants["green"].campaigns[name]


def refused(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each.code, str(each.range)) for each in outcome[1]]


def test_a_variant_is_one_more_layer(resolve: Resolve) -> None:
    found = campaign(resolve({WINBACK: "uses: winback\nstatus: active\n" + EXPERIMENT}))
    plain, warm = found.variants["plain"], found.variants["warm"]
    assert (plain.weight, warm.weight) == (30, 70)
    assert plain.effective.messages["main"]["email"]["subject"] == "We miss you"
    assert warm.effective.messages["main"]["email"]["subject"] == "Come home"
    assert warm.effective.messages["main"]["email"]["body"] == "<p>Come back</p>"
    assert (plain.params["discount"], warm.params["discount"]) == (10, 25)
    path = ("messages", "main", "email", "subject")
    assert str(warm.traced.origin(path).layer) == "variant"
    assert str(warm.traced.range(path)) == f"{WINBACK}:7:51"
    assert str(plain.traced.origin(path).layer) == "blueprint"
    assert found.effective.messages["main"]["email"]["subject"] == "We miss you"


def test_each_variant_has_its_own_offer(resolve: Resolve) -> None:
    found = campaign(resolve({WINBACK: "uses: winback\nstatus: active\n" + EXPERIMENT}))
    rewards = {
        name: each.offers["comeback"].document.reward.percent  # type: ignore[union-attr]
        for name, each in found.variants.items()
    }
    assert rewards == {"plain": 10, "warm": 25}


def test_a_variant_cannot_open_what_the_blueprint_keeps_closed(resolve: Resolve) -> None:
    text = "uses: winback\nexperiment: {variants: {a: {weight: 1}, b: {weight: 1, offer: x}}}"
    assert refused(resolve({WINBACK: text})) == [("HB410", f"{WINBACK}:2:56")]


def test_messages_may_come_from_the_variants_alone(resolve: Resolve, sale: str) -> None:
    text = sale[: sale.index("message:")] + (
        "experiment:\n  variants:\n"
        '    a: {weight: 1, message: {sms: {body: "A"}}}\n'
        '    b: {weight: 1, message: {sms: {body: "B"}}}\n'
    )
    found = campaign(resolve({SALE: text}), "sale")
    assert found.effective.messages == {"main": {"sms": {"body": "A"}}}
    assert set(found.rules) == {"sms"}


def test_a_mistake_that_variants_share_is_told_once(resolve: Resolve) -> None:
    text = "uses: winback\naudience: {include: audiences.lost}\n" + EXPERIMENT
    assert refused(resolve({WINBACK: text})) == [("HB432", f"{WINBACK}:2:31")]


def test_a_merged_campaign_must_be_whole(resolve: Resolve, sale: str) -> None:
    outcome = resolve({SALE: sale.replace("trigger: {at: 2026-12-05T10:00}", "tags: [a]")})
    assert refused(outcome) == [("HB302", f"{SALE}:1:1")]
    assert outcome[0].failed == {"green"}


def test_what_removes_a_required_value_is_told_where_the_rest_stands(resolve: Resolve) -> None:
    outcome = resolve({WINBACK: "uses: winback\nmessage: {email: {body: null}}"})
    ((code, place),) = refused(outcome)
    assert code == "HB302"
    assert place.startswith("blueprints/winback/blueprint.yaml:13:3")


def test_parameters_stand_in_the_effective_campaign(resolve: Resolve) -> None:
    found = campaign(resolve({WINBACK: "uses: winback\nwith: {pause: 90 days}"}))
    assert found.effective.reentry is not None
    assert found.effective.reentry.after == "90 days"  # type: ignore[union-attr]
    assert str(found.traced.range(("reentry", "after"))) == f"{WINBACK}:2:15"
    assert [str(origin.layer) for origin in found.traced.history(("with", "discount"))] == [
        "blueprint",
        "group",
    ]


def test_a_parameter_that_makes_the_campaign_wrong_is_told_where_it_was_given(
    resolve: Resolve,
) -> None:
    outcome = resolve({WINBACK: "uses: winback\nwith: {pause: two months}"})
    assert refused(outcome) == [("HB305", f"{WINBACK}:2:15")]


def test_findings_carry_their_tenant(resolve: Resolve) -> None:
    _, found = resolve({WINBACK: "uses: nothing"})
    assert [(each.code, each.tenant) for each in found] == [("HB430", "green")]
