"""campaigns/X.yaml and what belongs to it: a draft that compiles, with words that say what to change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from handbill.authoring.tenant_files import MODELINE
from handbill.authoring.yaml_text import quoted
from handbill.schema.contracts import ChannelContract
from handbill.schema.models.channel import PartDocument

WEEKLY = '{cron: "0 10 * * THU"}'
_COFFEE = "The coffee is on us this week"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which fields of the starter's customer the configuration has, for words that use them."""

    first_name: bool = True
    lifetime_orders: bool = True
    is_employee: bool = True


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What a new campaign is to be. `trigger` is YAML; `contracts` are those of the channels that it
    sends on, in order; `now` a moment at which it is due, None where no test can be written.
    `layout`: the configuration has the starter's layout of mails.
    """

    tenant: str
    name: str
    trigger: str
    contracts: tuple[ChannelContract, ...]
    category: str
    language: str = "en"
    now: str | None = None
    vocabulary: Vocabulary = Vocabulary()
    layout: bool = True

    @property
    def root(self) -> str:
        return f"tenants/{self.tenant}"

    @property
    def has_template(self) -> bool:
        return self.layout and any(each.html for each in self.contracts)

    @property
    def thanks(self) -> str:
        if self.vocabulary.lifetime_orders:
            return f"Thank you for {{{{ customer.lifetime_orders }}}} orders. {_COFFEE}"
        return f"Thank you for shopping here. {_COFFEE}"

    @property
    def who(self) -> str:
        """Words that follow "Thank you"."""
        return ", {{ customer.first_name | default('neighbor') | truncate(20) }}"


def campaign_files(plan: CampaignPlan) -> dict[str, str]:
    """Path → text: the campaign, the template of its mail, and a test of both."""
    files = {f"{plan.root}/campaigns/{plan.name}.yaml": campaign_yaml(plan)}
    if plan.has_template:
        files[f"{plan.root}/templates/{plan.name}.mjml"] = template(plan)
    if plan.now is not None:
        files[f"{plan.root}/tests/{plan.name}.yaml"] = test_yaml(plan, plan.now)
    return files


def campaign_yaml(plan: CampaignPlan) -> str:
    return f"""\
{MODELINE.format(up="../../../", kind="campaign")}\
# A campaign says when it runs, who gets it and what it says. As a draft it is checked and tested, and
# nobody gets it; `status: active` sends it with the next release.
category: {plan.category}
status: draft
{_trigger_comment(plan.trigger)}\
trigger: {plan.trigger}
# Who gets it. Consent, caps and quiet hours are seen to besides.
# `handbill audience {plan.tenant}/{plan.name}` shows customers who can be in it.
{_audience(plan.vocabulary)}\
{"" if plan.trigger.startswith("{at:") else _REENTRY}\
{_language_comment(plan.language)}\
message:
{_messages(plan)}\
"""


_REENTRY = (
    "# Whoever got it gets it again after this time at the earliest.\nreentry: {after: 60 days}\n"
)


def _trigger_comment(trigger: str) -> str:
    if trigger == WEEKLY:
        return "# Every Thursday at ten, by each customer's clock.\n"
    if trigger == "{at: publish}":
        return "# When the first release that has it is published.\n"
    return "# By each customer's clock; with `timezone: tenant` by the retailer's.\n"


def _audience(fields: Vocabulary) -> str:
    if not fields.lifetime_orders:
        return "audience: everyone\n"
    staff = "  exclude: {staff: customer.is_employee}\n" if fields.is_employee else ""
    return f"audience:\n  include: customer.lifetime_orders >= 5\n{staff}"


def _language_comment(language: str) -> str:
    if language == "en":
        return ""
    return "# These words are English: write them in the retailer's language.\n"


def _messages(plan: CampaignPlan) -> str:
    lines: list[str] = []
    for contract in plan.contracts:
        lines.append(f"  {contract.name}:")
        lines += [f"    {part}: {text}" for part, text in _parts(plan, contract)]
    return "".join(f"{line}\n" for line in lines)


def _parts(plan: CampaignPlan, contract: ChannelContract) -> Iterator[tuple[str, str]]:
    """What the channel requires, as YAML."""
    for name, part in contract.parts.items():
        if not part.required:
            continue
        match part.kind:
            case "html":
                yield (
                    ("template", f"{plan.name}.mjml") if plan.layout else ("body", _bare_mail(plan))
                )
            case "text":
                yield name, quoted(_words(plan, part))
            case "url" | "image":
                yield name, quoted("{{ brand.site }}")
            case "int":
                yield name, "1"
            case "enum":
                yield name, (part.values or ["…"])[0]
            case _:
                assert_never(part.kind)


def _words(plan: CampaignPlan, part: PartDocument) -> str:
    if part.max_segments:
        return f"{{{{ tenant.name }}}}: {plan.thanks}. Reply STOP to end"
    if part.lead and plan.vocabulary.first_name:
        return f"Thank you{plan.who}"
    return "Thank you" if (part.max or 1000) < 160 else plan.thanks


def _bare_mail(plan: CampaignPlan) -> str:
    way_out = '{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a>'
    return f"|\n      <p>{plan.thanks}.</p>\n      <p>{way_out}</p>"


def template(plan: CampaignPlan) -> str:
    """A mail in MJML on the starter's base layout, which has header, footer and the ways out."""
    name = ", {{ customer.first_name | default('neighbor') }}" * plan.vocabulary.first_name
    return f"""\
{{#- The layout of this mail is channels/email/templates/layout.mjml; its words stand in these blocks. -#}}
{{% extends "platform/email/base.mjml" %}}
{{% block eyebrow %}}From all of us{{% endblock %}}
{{% block headline %}}Thank you{name}{{% endblock %}}
{{% block lead %}}{plan.thanks}.{{% endblock %}}
{{% block picture %}}&#9749;{{% endblock %}}
{{% block button %}}<mj-button href="{{{{ brand.site }}}}" css-class="pill" background-color="#ffffff" color="{{{{ brand.colors.primary }}}}">See what is new</mj-button>{{% endblock %}}
"""


def test_yaml(plan: CampaignPlan, now: str) -> str:
    """Made-up customers from personas/, and what must come of them."""
    first = plan.contracts[0]
    return f"""\
{MODELINE.format(up="../../../", kind="test")}\
# `handbill test` runs this on the very stages that send, and sends nothing. `now` is when the campaign
# runs; the personas stand in personas/.
campaign: {plan.name}
description: Regulars are thanked; newcomers and staff are not
now: {now}
customers:
  rosa: {{persona: regular{_more(plan, first.name)}}}
  noa: {{persona: newcomer{_more(plan, first.name)}}}
  sam: {{persona: staff{_more(plan, first.name)}}}
expect:
  rosa: {{selected: true, channel: {first.name}, contains: "Thank you"}}
  noa: {{because: audience.include}}
  sam: {{because: audience.exclude.staff}}
"""


def _more(plan: CampaignPlan, channel: str) -> str:
    """What the personas have not: a loyalty card, and consent to other categories."""
    card = ', card_number: "1001"' if channel == "webhook" else ""
    agreed = plan.category == "promotions" and channel in ("email", "sms", "push")
    return card + ("" if agreed else f", consent: [{channel}.{plan.category}]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`value` is YAML that the blueprint's parameter takes; `required`: it has no default."""

    name: str
    value: str
    required: bool
    description: str | None = None


def blueprint_campaign(
    tenant: str, name: str, blueprint: str, parameters: Sequence[Parameter], open_: Sequence[str]
) -> dict[str, str]:
    """Path → text of a campaign that uses a blueprint: its parameters, and what may be changed."""
    may = [path for path in open_ if path != "with"]
    lines = [
        MODELINE.format(up="../../../", kind="campaign"),
        f"# The campaign itself stands in blueprints/{blueprint}/; `handbill why {tenant}/{name} FIELD` shows\n",
        "# where each of its values comes from. A draft is checked and tested; `status: active` sends it.\n",
        f"uses: {blueprint}\n",
        "status: draft\n",
    ]
    if may:
        lines.append(f"# Here you may also change: {', '.join(may)}.\n")
    lines += _with(parameters)
    return {f"tenants/{tenant}/campaigns/{name}.yaml": "".join(lines)}


def _with(parameters: Sequence[Parameter]) -> list[str]:
    required = [each for each in parameters if each.required]
    lines = ["with:\n"] if required else []
    for each in required:
        if each.description:
            lines.append(f"  # {' '.join(each.description.split())}\n")
        lines.append(f"  {each.name}: {each.value}\n")
    others = [each for each in parameters if not each.required]
    if others:
        lines.append("# What it takes unless you say otherwise:\n")
        lines += [] if required else ["# with:\n"]
        lines += [f"#   {each.name}: {each.value}\n" for each in others]
    return lines
