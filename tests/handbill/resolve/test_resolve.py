"""The whole stage: layers in, effective campaigns out, whatever the order of files."""

from __future__ import annotations

import random as randoms
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.resolve.model import ResolvedCampaign, ResolvedRepository
from handbill.resolve.resolve import resolve_repository
from handbill.schema.scalars import parse_rate, parse_share
from handbill.source.layout import classify
from handbill.source.located import LocatedDocument

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
Parse = Callable[[str, str], LocatedDocument]
WINBACK = "tenants/green/campaigns/winback.yaml"


def codes(outcome: Outcome) -> list[str]:
    return [diagnostic.code for diagnostic in outcome[1]]


def winback(outcome: Outcome) -> ResolvedCampaign:
    repository, diagnostics = outcome
    assert not has_errors(diagnostics), diagnostics
    return repository.tenants["green"].campaigns["winback"]


def test_a_campaign_is_the_sum_of_its_layers(resolve: Resolve) -> None:
    campaign = winback(resolve())
    effective = campaign.effective
    assert effective.audience.include == "audiences.lapsed"
    assert dict(effective.audience.exclude) == {
        "staff": "customer.is_employee",
        "minors": "customer.age < 18",
    }
    assert effective.limits.per_customer == ("3 per 7 days",)
    assert campaign.params == {"discount": 15, "pause": "60 days"}
    assert effective.reentry is not None and effective.reentry.after == "60 days"  # type: ignore[union-attr]
    assert campaign.root == "tenants/green"
    assert campaign.blueprint == "winback"
    assert list(campaign.variants) == ["only"]


def test_the_tenant_has_its_groups_and_the_platforms_word(resolve: Resolve) -> None:
    repository, _ = resolve({"groups/harvest/group.yaml": "name: Harvest\nholdout: 5%"})
    tenant = repository.tenants["green"]
    assert (tenant.group, tenant.holdout) == ("harvest", "5%")
    assert set(tenant.audiences) == {"lapsed", "new"}
    assert repository.platform is not None
    assert set(repository.channels) == {"email", "sms"}


def test_a_groups_campaign_is_every_members_and_a_members_file_lies_over_it(
    resolve: Resolve, sale: str, tenant: str
) -> None:
    repository, diagnostics = resolve(
        {
            "groups/harvest/campaigns/sale.yaml": sale,
            "tenants/green/campaigns/sale.yaml": "status: paused\nmessage: {email: {subject: 'Hey'}}",
            "tenants/blue/tenant.yaml": tenant.replace("Green", "Blue"),
        }
    )
    assert not diagnostics
    green = repository.tenants["green"].campaigns["sale"]
    blue = repository.tenants["blue"].campaigns["sale"]
    assert (green.effective.status, blue.effective.status) == ("paused", "active")
    assert green.effective.messages["main"]["email"]["subject"] == "Hey"
    assert green.effective.messages["main"]["email"]["body"] == "<p>Sale</p>"
    assert (green.root, blue.root) == ("tenants/green", "groups/harvest")


def test_a_tenant_with_an_error_fails_and_the_others_go_on(
    resolve: Resolve, sale: str, tenant: str
) -> None:
    repository, diagnostics = resolve(
        {
            "tenants/blue/tenant.yaml": tenant.replace("Green", "Blue"),
            "tenants/blue/campaigns/sale.yaml": sale,
            "tenants/blue/campaigns/wrong.yaml": sale.replace("promotions", "promotion"),
        }
    )
    assert [(each.code, each.tenant) for each in diagnostics] == [("HB431", "blue")]
    assert repository.failed == {"blue"}
    assert set(repository.tenants) == {"green"}
    assert set(repository.partial["blue"].campaigns) == {"sale"}


def test_a_mistake_in_a_shared_file_fails_exactly_those_it_reaches(
    resolve: Resolve, tenant: str
) -> None:
    repository, diagnostics = resolve(
        {
            "blueprints/winback/blueprint.yaml": """\
                category: nonsense
                trigger: {cron: "0 10 * * TUE"}
                audience: everyone
                reentry: never
                message: {sms: {body: "We miss you"}}
                """,
            "groups/harvest/group.yaml": "name: Harvest",
            WINBACK: "uses: winback",
            "tenants/blue/tenant.yaml": tenant.replace("Green", "Blue"),
            "tenants/blue/campaigns/winback.yaml": "uses: winback",
            "tenants/calm/tenant.yaml": tenant.replace("Green", "Calm"),
        }
    )
    assert [each.code for each in diagnostics] == ["HB431"]
    assert "it reaches blue, green" in diagnostics[0].notes
    assert repository.failed == {"blue", "green"}
    assert set(repository.tenants) == {"calm"}


def test_a_broken_file_fails_whoever_needs_it_without_a_second_report(
    resolve: Resolve, tenant: str, sale: str
) -> None:
    calm = {
        "tenants/calm/tenant.yaml": tenant.replace("Green", "Calm").replace("group: harvest\n", ""),
        "tenants/calm/campaigns/sale.yaml": sale.replace(
            "  email:", "  sms: {body: 'Sale'}\n  email:"
        ),
    }
    reached = {
        "blueprints/winback/blueprint.yaml": {"green"},
        "blueprints/winback/offers/comeback.yaml": {"green"},
        "audiences/new.yaml": {"green"},
        "groups/harvest/group.yaml": {"green"},
        "tenants/green/tenant.yaml": {"green"},
        WINBACK: {"green"},
        "tenants/green/offers/unused.yaml": {"green"},
        "channels/sms/smtp-gateway.yaml": {"green", "calm"},
        "handbill.yaml": {"green", "calm"},
    }
    for broken, failed in reached.items():
        repository, diagnostics = resolve(calm, broken=(broken,))
        assert not diagnostics, broken
        assert repository.failed == failed, broken
        assert set(repository.tenants) == {"green", "calm"} - failed, broken


def test_without_a_platform_nothing_is_resolved(resolve: Resolve) -> None:
    repository, diagnostics = resolve(broken=("handbill.yaml",))
    assert repository.platform is None and repository.failed == {"green"}
    assert not diagnostics


def test_a_tenant_whose_main_file_is_missing_has_failed_and_is_not_gone(resolve: Resolve) -> None:
    repository, _ = resolve({"tenants/green/tenant.yaml": None})
    assert repository.failed == {"green"} and not repository.tenants


def test_an_unknown_group_is_refused(resolve: Resolve, tenant: str) -> None:
    outcome = resolve({"tenants/green/tenant.yaml": tenant.replace("harvest", "harvst")})
    assert codes(outcome) == ["HB438"]
    assert outcome[1][0].hint == "did you mean `harvest`?"
    assert outcome[0].failed == {"green"}


def test_former_names_are_unique_in_a_tenant(resolve: Resolve, sale: str) -> None:
    outcome = resolve({"tenants/green/campaigns/sale.yaml": sale + "was: [winback]"})
    assert codes(outcome) == ["HB439"]
    campaign = resolve({"tenants/green/campaigns/sale.yaml": sale + "was: [a, b]"})[0]
    assert campaign.tenants["green"].campaigns["sale"].identity == "a"


def test_the_tenants_own_audiences_are_looked_through_though_nobody_uses_them(
    resolve: Resolve,
) -> None:
    outcome = resolve({"tenants/green/audiences/gold.yaml": "include: audiences.platinum"})
    assert codes(outcome) == ["HB432"]
    assert outcome[0].failed == {"green"}


# ── laws over random layers ──────────────────────────────────────────────────────────────────────

RATES = st.builds("{} per {} days".format, st.integers(1, 9), st.integers(2, 4))
SHARES = st.builds("{}%".format, st.integers(0, 40))
WINDOWS = st.builds("'{:02}:00-{:02}:00'".format, st.integers(0, 11), st.integers(12, 23))
LAYERS = ("platform", "blueprint", "group", "instances", "tenant", "campaign")


@st.composite
def tightening(draw: st.DrawFn) -> dict[str, dict[str, str]]:
    """Layer → what it says about each tightening field."""
    layers = {}
    for layer in LAYERS:
        fields = {
            "rate": draw(st.none() | RATES),
            "holdout": draw(st.none() | SHARES),
            "quiet": draw(st.none() | WINDOWS),
            "exclude": draw(st.sampled_from([None, layer])),
        }
        layers[layer] = {name: value for name, value in fields.items() if value is not None}
    return layers


def limits(layer: dict[str, str]) -> str:
    parts = []
    if "rate" in layer:
        parts.append(f"per_customer: {layer['rate']}")
    if "quiet" in layer:
        parts.append(f"quiet_hours: {{sms: {layer['quiet']}}}")
    return f"limits: {{{', '.join(parts)}}}\n" if parts else ""


def own_fields(layer: dict[str, str], indent: str = "") -> str:
    lines = limits(layer)
    if "holdout" in layer:
        lines += f"holdout: {layer['holdout']}\n"
    if "exclude" in layer:
        lines += f"audience: {{exclude: {{{layer['exclude']}: customer.staff}}}}\n"
    return "".join(f"{indent}{line}\n" for line in lines.splitlines())


def shared_fields(layer: dict[str, str]) -> str:
    holdout = f"holdout: {layer['holdout']}\n" if "holdout" in layer else ""
    return limits(layer) + holdout


def repository_of(layers: dict[str, dict[str, str]], tenant: str) -> dict[str, str]:
    instances = own_fields(layers["instances"], "    ")
    blueprint = own_fields({k: v for k, v in layers["blueprint"].items() if k != "exclude"})
    exclude = "  exclude: {blueprint: customer.staff}\n" if "exclude" in layers["blueprint"] else ""
    return {
        "handbill.yaml": "categories: {promotions: {class: marketing}}\n"
        + shared_fields(layers["platform"]),
        "groups/harvest/group.yaml": "name: Harvest\n"
        + shared_fields(layers["group"])
        + (f"blueprints:\n  winback:\n{instances}" if instances else ""),
        "blueprints/winback/blueprint.yaml": "category: promotions\ntrigger: {at: publish}\n"
        "audience:\n  include: everyone\n"
        + exclude
        + blueprint
        + "message: {sms: {body: 'Hello'}}\n",
        "channels/sms/channel.yaml": "address: phone\nparts: {body: {kind: text}}\n",
        "channels/sms/gateway.yaml": "driver: smtp\n",
        "tenants/green/tenant.yaml": tenant.replace(
            '  email: {provider: mail, from: "Green <hello@green.example>"}\n', ""
        ).replace("email: email, ", "")
        + shared_fields(layers["tenant"]),
        WINBACK: "uses: winback\n" + own_fields(layers["campaign"]),
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(tightening(), st.randoms(use_true_random=False))
def test_no_layer_ever_loosens_a_tightening_field(
    parse: Parse, tenant: str, layers: dict[str, dict[str, str]], random: randoms.Random
) -> None:
    files = list(repository_of(layers, tenant).items())
    outcomes = []
    for _ in range(2):
        documents = {file: parse(file, text) for file, text in files}
        places = {file: place for file in documents if (place := classify(file))}
        outcomes.append(resolve_repository(documents, places))
        random.shuffle(files)
    campaign = winback(outcomes[0])
    said = [layers[layer] for layer in LAYERS]
    for layer in said:
        if "rate" in layer:
            count, span = parse_rate(layer["rate"])
            kept = map(parse_rate, campaign.effective.limits.per_customer)
            assert any(limit <= count and seconds == span for limit, seconds in kept)
        if "quiet" in layer:
            assert layer["quiet"].strip("'") in campaign.effective.limits.quiet_hours["sms"]
        if "exclude" in layer and layer not in (layers["platform"], layers["group"]):
            assert layer["exclude"] in {*campaign.effective.audience.exclude, "tenant"}
    shares = {layer: parse_share(layers[layer].get("holdout", "0%")) for layer in LAYERS}
    own = max(shares[layer] for layer in ("blueprint", "instances", "campaign"))
    across = max(shares[layer] for layer in ("platform", "group", "tenant"))
    assert parse_share(campaign.effective.holdout) == own
    assert parse_share(outcomes[0][0].tenants["green"].holdout) == across
    assert winback(outcomes[1]).effective == campaign.effective
    assert winback(outcomes[1]).rules == campaign.rules


# ── no layers crash the stage ────────────────────────────────────────────────────────────────────

SNIPPETS = (
    "audience: null",
    "audience: {include: null, exclude: {a: customer.a, b: null}, limit: 5}",
    "audience: audiences.lapsed",
    "trigger: null",
    "trigger: {cron: '0 8 * * WED'}",
    "trigger: {cron: {param: pause}}",
    "reentry: {after: {param: pause}}",
    "reentry: {after: {param: nothing}}",
    "limits: null",
    "limits: {per_customer: null, quiet_hours: {sms: null, email: '22:00-24:00'}}",
    "limits: {per_customer: {param: pause}}",
    "limits: {per_customer: 1 per day, quiet_hours: null}",
    "holdout: {param: pause}",
    "holdout: null",
    "offer: null",
    "offer: {param: pause}",
    "offer: [{use: {param: pause}}]",
    "offer: [{when: audiences.nothing, use: comeback}, {use: nothing}]",
    "message: null",
    "message: {sms: null, email: {body: null, template: {param: pause}}}",
    "message: {sms: {body: {en-US: 'A', es-US: 'B'}}}",
    "window: {param: pause}",
    "window: null",
    "expires: 2 hours",
    "with: null",
    "with: {pause: null, discount: {param: pause}}",
    "with: {pause: [1, {a: b}], other: 5}",
    "experiment: null",
    "experiment: {variants: {a: {weight: 1}, b: {weight: 2, message: null, offer: null}}}",
    "experiment: {variants: {a: {weight: {param: pause}}, b: {weight: 1, with: {pause: 1}}}}",
    "category: null",
    "category: {param: pause}",
    "deliver: {order: [sms]}",
    "was: [winback, old]",
    "tags: null",
)


@st.composite
def odd_fields(draw: st.DrawFn) -> str:
    chosen = draw(st.lists(st.sampled_from(SNIPPETS), max_size=5))
    by_field = {snippet.partition(":")[0]: snippet for snippet in chosen}
    return "".join(f"{snippet}\n" for snippet in by_field.values())


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(odd_fields(), odd_fields(), odd_fields(), odd_fields())
def test_no_layers_crash_the_stage(
    parse: Parse,
    resolve_sound: Callable[[dict[str, str]], Outcome],
    blueprint: str,
    group: str,
    above: str,
    own: str,
) -> None:
    indented = "".join(f"    {line}\n" for line in group.splitlines())
    opened = "with, message, experiment, trigger, offer, window, category"
    params = "params: {pause: {type: string, default: 60 days, maxLength: 20}}\n"
    repository, diagnostics = resolve_sound(
        {
            "blueprints/winback/blueprint.yaml": f"open: [{opened}]\n{params}{blueprint}",
            "groups/harvest/group.yaml": "name: Harvest\n"
            + (f"blueprints:\n  winback:\n{indented}" if group else ""),
            "groups/harvest/campaigns/winback.yaml": f"uses: winback\n{above}",
            WINBACK: f"status: active\n{own}",
        }
    )
    assert repository.tenants or repository.failed == {"green"}
    assert all(each.code.startswith(("HB3", "HB4")) for each in diagnostics)
