"""Everything that a new configuration repository holds: one retailer, one campaign with its test, and
what they need."""

from __future__ import annotations

from handbill.authoring.answers import TenantAnswers
from handbill.authoring.campaign_files import WEEKLY, CampaignPlan, campaign_files
from handbill.authoring.editor_settings import editor_files
from handbill.authoring.hooks import pre_commit_config
from handbill.authoring.starter import contract_in, starter_files
from handbill.authoring.tenant_files import MODELINE, tenant_files
from handbill.authoring.workflows import workflow_files
from handbill.schema.export import document_schema_files
from handbill.schema.formats import FORMAT

CAMPAIGN = "thank-you"
THURSDAY = "2026-12-03T10:00"
"""A moment at which the first campaign is due."""
GITIGNORE = """\
# Keys, secrets and customer data never stand in git.
*.key
*.pem
.env
/data/
/store/
/ledger.db*
# What commands write.
/out/
/public/
__pycache__/
.DS_Store
"""
GITATTRIBUTES = "* text=auto eol=lf\n"
_PROVIDERS = {
    "email": ("mail", "smtp", "smtp://localhost:1025", "smtps://smtp.mail.example:465", "MAIL"),
    "sms": ("text", "twilio", "http://localhost:8025/twilio", "https://sms.example/2010-04-01", "TEXT"),
    "push": ("fcm", "fcm", "http://localhost:8025/fcm/v1", "https://fcm.example/v1", "FCM"),
    "webhook": ("counter", "json", "http://localhost:8025/counter", "https://shop.example/tasks", "COUNTER"),
}  # fmt: skip
"""Starter channel → provider, contract, where it is while trying and in production, its secret."""


def repository_files(answers: TenantAnswers, action: str | None = None) -> dict[str, bytes]:
    """Path → bytes. `action` is where GitHub finds Handbill's action; None writes no workflows."""
    starter = starter_files()
    contracts = tuple(contract_in(starter, channel) for channel in answers.channels)
    plan = CampaignPlan(
        answers.name, CAMPAIGN, WEEKLY, contracts, "promotions", answers.language, THURSDAY
    )
    texts = {
        "README.md": readme(answers),
        "handbill.yaml": platform_yaml(answers),
        "environments/staging.yaml": environment_yaml(answers.channels, production=False),
        "environments/production.yaml": environment_yaml(answers.channels, production=True),
        ".gitignore": GITIGNORE,
        ".gitattributes": GITATTRIBUTES,
        ".pre-commit-config.yaml": pre_commit_config(),
        **campaign_files(plan),
        **editor_files(),
        **(workflow_files(action) if action else {}),
    }
    schemas = {f"schemas/{path}": data for path, data in document_schema_files().items()}
    written = {path: text.encode("utf-8") for path, text in texts.items()}
    return {**starter, **schemas, **tenant_files(answers), **written}


def platform_yaml(answers: TenantAnswers) -> str:
    quiet = [
        f'{channel}: "21:00-08:00"' for channel in answers.channels if channel in ("sms", "push")
    ]
    hours = "\n  quiet_hours: {" + ", ".join(quiet) + "}" if quiet else ""
    locked = "limits.quiet_hours, " if quiet else ""
    return f"""\
{MODELINE.format(up="", kind="platform")}\
# The platform: what holds for every retailer.
format: {FORMAT}
# Consent, caps and holdouts follow from the class: marketing is sent to whoever agreed to it.
categories:
  promotions: {{class: marketing}}
  service: {{class: transactional}}
  safety: {{class: safety}}
# At most so much advertising for one customer, whoever sends it; groups and retailers may only tighten it.
limits:
  per_customer: 4 per 7 days{hours}
# Held out of all advertising, so that its effect can be measured.
holdout: 2%
# What no layer below may change.
lock: [{locked}categories.*.class, categories.*.consent]
"""


def environment_yaml(channels: tuple[str, ...], *, production: bool) -> str:
    """Nobody but the seeds receives anything, in production too, until somebody says otherwise."""
    name, home = ("production", "/srv") if production else ("staging", "/var/lib")
    first = (
        "# Secrets are references, read where a message is sent; none stands in git.\n"
        "# `everyone` lets customers receive; until then each retailer's seeds do.\n"
        if production
        else "# Real plans, but only each retailer's own seeds receive anything.\n"
    )
    web = "https://go.handbill.example" if production else "https://staging.handbill.example"
    providers = "".join(f"  {_provider(channel, production)}\n" for channel in channels)
    return f"""\
{MODELINE.format(up="../", kind="environment")}\
{first}\
description: {"Customers, once `recipients` says so" if production else "For trying"}
recipients: seeds
data: {{root: "file://{home}/handbill/data/{{tenant}}"}}
store: file://{home}/handbill/{name}/store
ledger: sqlite://{home}/handbill/{name}/ledger.db
# Where links of messages lead, and where their pictures are.
public_url: {web}
assets_url: {web}/assets
providers:
{providers}\
"""


def _provider(channel: str, production: bool) -> str:
    provider, contract, trying, real, secret = _PROVIDERS[channel]
    url = real if production else trying
    kept = f', secret: "env:{secret}"' if production or channel != "email" else ""
    return f'{provider}: {{contract: {contract}, url: "{url}"{kept}}}'


def readme(answers: TenantAnswers) -> str:
    return f"""\
# Campaigns of {answers.title}

Everything that our customers get is decided by the files here. A change is a pull request: `handbill check`
explains mistakes at their lines, `handbill test` says who gets what, and nothing is sent before it is merged.

    handbill check              # every mistake, explained
    handbill test               # who gets what, and why the others do not
    handbill fmt                # the files as they are always written
    handbill new campaign {answers.name}/NAME

| folder | what it holds |
|---|---|
| `tenants/{answers.name}/` | the retailer: campaigns, templates, tests |
| `blueprints/` | campaigns that several retailers can use |
| `channels/` | what messages consist of, and how vendors are spoken to |
| `schemas/` | the vocabulary: which fields of a customer exist; `schemas/documents/` is written by `handbill schema export` |
| `personas/` | made-up customers for tests |
| `environments/` | where releases run |
"""
