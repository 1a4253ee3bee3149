"""`handbill init`: asks what has to be known, on a terminal, and writes a new configuration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import rich_click as click

from handbill.cli.output import show
from handbill.cli.tenant_options import tenant_options
from handbill.cli.workspace import line_reader

if TYPE_CHECKING:
    from handbill.authoring.adding import Added


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--tenant", help="The retailer's short name; its folder is named so.")
@tenant_options
@click.option(
    "--channel",
    "channels",
    multiple=True,
    type=click.Choice(["email", "sms", "push", "webhook"]),
    help="A channel to send on, once for each; email alone without it.",
)
@click.option(
    "--action",
    metavar="OWNER/REPOSITORY@REVISION",
    help="Where GitHub finds Handbill's action: writes the workflows that review and publish.",
)
@click.option("--no-git", is_flag=True, help="Make no git repository of it.")
@click.option("--yes", is_flag=True, help="Ask nothing, on a terminal neither.")
def init(
    folder: Path,
    tenant: str | None,
    title: str | None,
    locale: str | None,
    timezone: str | None,
    currency: str | None,
    site: str | None,
    email_from: str | None,
    postal_address: str | None,
    channels: tuple[str, ...],
    action: str | None,
    no_git: bool,
    yes: bool,
) -> None:
    """Make a new configuration repository in FOLDER: one retailer, one campaign with its test, channels,
    vocabulary, environments and settings for git, editors and CI.

    Questions are asked on a terminal only, and of what no flag says.
    """
    from handbill.authoring import answers as known
    from handbill.authoring.adding import Added
    from handbill.authoring.initialise import initialise, refused
    from handbill.authoring.senders import STARTER
    from handbill.authoring.workflows import ACTION
    from handbill.source.layout import near_name

    if action is not None and not ACTION.match(action):
        raise click.UsageError(f"`{action}` is no action: OWNER/REPOSITORY@REVISION")
    if folder.name.startswith("-"):
        raise click.UsageError(f"`{folder}` looks like an option; name a folder, such as ./shop")
    if (found := refused(folder)) is not None:
        _end(Added(found=(found,)))
    asking = not yes and sys.stdin.isatty() and sys.stdout.isatty()

    def ask(question: str, given: str | None, otherwise: str) -> str:
        if given is not None or not asking:
            return otherwise if given is None else given
        return str(click.prompt(question, default=otherwise))

    short = ask(
        "Short name of the retailer", tenant, near_name(folder.resolve().name) or known.DEFAULT_NAME
    )
    name = ask("Its name, as customers read it", title, known.title_of(short))
    language = ask("Language and region of its customers", locale, known.DEFAULT_LOCALE)
    zone = ask("Time zone", timezone, known.DEFAULT_TIMEZONE)
    money = ask("Currency", currency, known.currency_of(language))
    web = ask("Website", site, known.site_of(short))
    sender = ask("Mails are from", email_from, known.sender_of(name, web))
    address = ask("Postal address", postal_address, known.DEFAULT_ADDRESS)
    senders = tuple(STARTER[channel] for channel in dict.fromkeys(channels or ("email",)))
    answers = known.TenantAnswers(short, name, language, zone, money, sender, web, address, senders)
    added = initialise(folder, answers, git=not no_git, action=action)
    if added.found:
        _end(added)
    for line in _next_steps(folder, short, len(added.paths), asking):
        click.echo(line)
    if address == known.DEFAULT_ADDRESS or any(each.has_from for each in senders):
        click.echo(PLACEHOLDERS.format(tenant=short))


PLACEHOLDERS = (
    "\nbefore anything is sent: see that the postal address and the senders in "
    "tenants/{tenant}/tenant.yaml are your own"
)


def _end(refused: Added) -> NoReturn:
    show(refused.found, line_reader(refused.tree), "text")
    click.echo("nothing was written", err=True)
    sys.exit(1)


def _next_steps(folder: Path, tenant: str, files: int, asked: bool) -> list[str]:
    place = folder.as_posix()
    enter = [] if place == "." else [f"  cd {place}"]
    return [
        *([""] if asked else []),
        f"{files} files written to {place}: the retailer `{tenant}` with one campaign, a draft.",
        "",
        *enter,
        "  handbill check",
        "  handbill test",
        f"  handbill new campaign {tenant}/NAME",
        "  git add . && git commit -m 'Campaigns'",
    ]
