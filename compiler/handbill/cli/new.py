"""`handbill new`: one more tenant or campaign, that passes its first check."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import rich_click as click

from handbill.cli import names
from handbill.cli.output import fail, show
from handbill.cli.tenant_options import tenant_options
from handbill.cli.workspace import find_root, line_reader, open_tree, root_option
from handbill.source.layout import PLATFORM_FILE

if TYPE_CHECKING:
    from handbill.authoring.adding import Added, Configuration
    from handbill.authoring.senders import Sender


@click.group()
def new() -> None:
    """Write the files of one more tenant or campaign, with what each part is for."""


@new.command()
@click.argument("name")
@tenant_options
@click.option("--group", shell_complete=names.groups, help="The group that it belongs to.")
@click.option("--channel", "channels", multiple=True, help="A channel to send on, once for each.")
@root_option
def tenant(
    name: str,
    title: str | None,
    locale: str | None,
    timezone: str | None,
    currency: str | None,
    site: str | None,
    email_from: str | None,
    postal_address: str | None,
    group: str | None,
    channels: tuple[str, ...],
    root: Path,
) -> None:
    """Write tenants/NAME/tenant.yaml."""
    from handbill.authoring import answers as known
    from handbill.authoring.adding import add_tenant, has_stores, tables_of

    configuration = _configuration(root)
    shown = title or known.title_of(name) or name
    language = locale or known.DEFAULT_LOCALE
    web = site or known.site_of(name)
    answers = known.TenantAnswers(
        name=name,
        title=shown,
        locale=language,
        timezone=timezone or known.DEFAULT_TIMEZONE,
        currency=currency or known.currency_of(language),
        email_from=email_from or known.sender_of(shown, web),
        site=web,
        postal_address=postal_address or known.DEFAULT_ADDRESS,
        senders=_senders(configuration, channels),
        group=group,
        has_stores=has_stores(configuration),
        tables=tables_of(configuration, group) if group else (),
    )
    _report(add_tenant(configuration, answers))
    click.echo(f"next: handbill new campaign {name}/NAME")
    click.echo(
        f"before anything is sent: see that the postal address and the senders in "
        f"tenants/{name}/tenant.yaml are your own"
    )


@new.command()
@click.argument("campaign", metavar="TENANT/NAME", shell_complete=names.new_campaigns)
@click.option(
    "--uses", shell_complete=names.blueprints, help="The blueprint that it is an instance of."
)
@click.option(
    "--trigger",
    help='When it runs: "0 9 * * MON", 2026-12-05T10:00, or publish. Weekly without it.',
)
@click.option("--category", help="Without it the first that is marketing.")
@root_option
def campaign(
    campaign: str, uses: str | None, trigger: str | None, category: str | None, root: Path
) -> None:
    """Write a campaign of a tenant as a draft: its file, the template of its mail and a test."""
    from handbill.authoring.adding import CampaignWish, add_campaign
    from handbill.authoring.triggers import trigger_yaml

    tenant_name, slash, name = campaign.partition("/")
    if not slash or not tenant_name or not name:
        raise click.UsageError(f"say which tenant: TENANT/NAME, not `{campaign}`")
    if uses is not None and (trigger is not None or category is not None):
        raise click.UsageError("what a blueprint says needs no --trigger or --category")
    written_trigger = trigger_yaml(trigger)
    if written_trigger is None:
        raise click.UsageError(
            f'`{trigger}` is no trigger: "0 9 * * MON", 2026-12-05T10:00 or publish'
        )
    configuration = _configuration(root)
    wish = CampaignWish(tenant_name, name, uses, written_trigger, category)
    added = add_campaign(configuration, wish)
    _report(added)
    tests = any("/tests/" in path for path in added.paths)
    click.echo(f"next: handbill {'test' if tests else 'check'} tenants/{tenant_name}")


def _configuration(root: Path) -> Configuration:
    from handbill.authoring.adding import Added, Configuration

    root = find_root(root)
    if not (root / PLATFORM_FILE).is_file():
        fail("HB114", f"there is no {PLATFORM_FILE} in {root} or above it", "handbill init FOLDER")
    tree, found = open_tree(root, None)
    if tree is None:  # the folder has gone in this moment
        _end(Added(found=found))
    return Configuration(root, tree)


def _senders(configuration: Configuration, channels: Sequence[str]) -> tuple[Sender, ...]:
    """Of the channels that were asked for, or of email, or of the first that there is."""
    from handbill.authoring.adding import Added
    from handbill.authoring.refusals import unknown
    from handbill.authoring.senders import senders_of

    known = senders_of(configuration.tree)
    for channel in channels:
        if channel not in known:
            otherwise = "give it a provider in every file of environments/"
            _end(Added(found=(unknown("channel with a provider", channel, known, otherwise),)))
    if not known:
        fail("HB753", "no channel has a provider in every environment", "see environments/")
    first = "email" if "email" in known else next(iter(known))
    return tuple(known[channel] for channel in dict.fromkeys(channels or (first,)))


def _report(added: Added) -> None:
    if added.found:
        _end(added)
    for path in added.paths:
        click.echo(f"written: {path}")


def _end(refused: Added) -> NoReturn:
    show(refused.found, line_reader(refused.tree), "text")
    click.echo("nothing was written", err=True)
    sys.exit(1)
