"""tenants/T/: what a new retailer begins with."""

from __future__ import annotations

from handbill.authoring.answers import TenantAnswers
from handbill.authoring.senders import Sender, sender_text
from handbill.authoring.starter import starter_bytes
from handbill.authoring.yaml_text import plainly, quoted

MODELINE = "# yaml-language-server: $schema={up}schemas/documents/{kind}.schema.json\n"
"""An editor with a YAML language server completes and checks by this line."""


STORES = """\
  # Small tables that seldom change stand in git, and are reviewed like everything else.
  stores: {key: id, file: data/stores.csv}
"""


def tenant_files(answers: TenantAnswers) -> dict[str, bytes]:
    """Path → bytes."""
    root = f"tenants/{answers.name}"
    files = {f"{root}/tenant.yaml": tenant_yaml(answers).encode("utf-8")}
    if answers.has_stores:
        files[f"{root}/data/stores.csv"] = starter_bytes("stores.csv")
    return files


def tenant_yaml(answers: TenantAnswers) -> str:
    """The retailer's own file, with what each part is for."""
    group = f"# What it shares with others: groups/{answers.group}/.\ngroup: {answers.group}\n"
    return f"""\
{MODELINE.format(up="../../", kind="tenant")}\
# One retailer: who they are, and how they send.
name: {plainly(answers.title)}
{group if answers.group else ""}\
locale: {answers.locale}
timezone: {answers.timezone}
currency: {answers.currency}
# What every template may use, as {{{{ brand.site }}}}. Advertising must show a postal address, and links
# may lead to these domains only.
brand:
  colors: {{primary: "#0b5d4a", accent: "#f2b33d", tint: "#f2f6f4", text: "#22302b"}}
  site: {plainly(answers.site) if answers.site.isascii() else quoted(answers.site)}
  postal_address: {quoted(answers.postal_address)}
  link_domains: [{answers.domain}]
# Providers are named here; each environment says where they are (environments/).
channels:
{_channels(answers)}\
channel_order: [{", ".join(answers.channels)}]
# Which tables there are. Customers are read from the environment's data root, and never stand in git.
data:
  customers: {{key: id, address: {{{_addresses(answers)}}}}}
{"".join(f"  {name}: {{key: {key}}}{chr(10)}" for name, key in answers.tables)}\
{STORES if answers.has_stores else ""}\
# Only these receive anything in an environment whose `recipients` is `seeds`.
seeds: [{_seeds(answers)}]
"""


def _channels(answers: TenantAnswers) -> str:
    return "".join(f"  {each.channel}: {{{_sender(each, answers)}}}\n" for each in answers.senders)


def _sender(sender: Sender, answers: TenantAnswers) -> str:
    words = [f"provider: {sender.provider}"]
    if sender.has_from:
        words.append(f"from: {quoted(sender_text(sender, answers.email_from))}")
    if sender.has_workspace:
        words.append(f"workspace: {answers.name}")
    return ", ".join(words)


def _addresses(answers: TenantAnswers) -> str:
    return ", ".join(f"{each.channel}: {each.address}" for each in answers.senders)


def _seeds(answers: TenantAnswers) -> str:
    return quoted(f"email:qa@{answers.domain}") if "email" in answers.channels else ""
