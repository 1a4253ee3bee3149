"""`handbill preview`: a campaign's messages as customers see them, with nothing sent."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.run import Instant
from handbill.cli.why import find_campaign
from handbill.cli.workspace import find_root, open_tree, revision_option, root_option

if TYPE_CHECKING:
    from handbill.assertions.subject import Subject as Tested
    from handbill.assertions.suite import Persona
    from handbill.cli.rehearsal.cast import Cast
    from handbill.cli.rehearsal.shown import Shown, Wanted
    from handbill.diff.sides import OpenSide
    from handbill.pipeline import Compiled
    from handbill.plan.model import Plan

MOST_PICTURES = 40
SIZES = {"phone": (500, 900), "desktop": (860, 1000)}
"""Pixels of a picture; a phone stands in the middle of it."""


@click.command()
@click.argument("campaign")
@click.option("--persona", "personas", multiple=True, metavar="P", help="Only this persona.")
@click.option("--customer", metavar="ID", help="A real customer, instead of personas.")
@click.option(
    "--customers",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="PATH",
    help="With --customer: the folder that holds the retailer's data.",
)
@click.option("--variant", "variants", multiple=True, metavar="V", help="Only this variant.")
@click.option("--locale", "locales", multiple=True, metavar="L", help="Only this locale.")
@click.option("--channel", "channels", multiple=True, metavar="C", help="Only this channel.")
@click.option(
    "--device",
    type=click.Choice(sorted(SIZES)),
    default="phone",
    show_default=True,
    help="How wide mails are shown at first.",
)
@click.option("--at", type=Instant(), help="When it would be sent; now.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR|FILE", help="Write a page to look at."
)
@click.option("--png", is_flag=True, help="With --out: a picture of each message, by Chromium.")
@click.option("--open", "opened", is_flag=True, help="Open the page in a browser.")
@root_option
@revision_option
def preview(
    campaign: str,
    personas: tuple[str, ...],
    customer: str | None,
    customers: Path | None,
    variants: tuple[str, ...],
    locales: tuple[str, ...],
    channels: tuple[str, ...],
    device: str,
    at: datetime | None,
    out: Path | None,
    png: bool,
    opened: bool,
    root: Path,
    revision: str | None,
) -> None:
    """Show what CAMPAIGN says to each persona, and who of them would not get it.

    CAMPAIGN is TENANT/NAME, the path of its file, or NAME alone where one tenant has it. Drafts are
    shown as well. Where the audience selects no persona, an example of a customer is found.
    """
    from handbill.cli.rehearsal.shown import Wanted

    if (customer is None) != (customers is None):
        raise click.UsageError("say --customer ID and --customers PATH together")
    if customer is not None and personas:
        raise click.UsageError("say --persona or --customer, not both")
    if png and out is None:
        raise click.UsageError("--png writes files: say where with --out")
    moment = at or datetime.now(UTC)
    wanted = Wanted(personas, variants, channels, locales)
    compiled, side, plan, status = _found(find_root(root), revision, campaign)
    known = _personas(compiled)
    _refuse_unknown(wanted, plan, known)
    real = (customer, customers) if customer is not None and customers is not None else None
    shown = _shown(side, plan, status, known, moment, wanted, real)
    if out is None and not opened:
        from handbill.cli.preview_text import preview_text

        click.echo(preview_text(shown, moment), nl=False)
        return
    page = _write_page(shown, compiled, moment, _described(known), out, device)
    click.echo(page)
    if png:
        _write_pictures(shown, compiled, page, device)
    if opened:
        click.launch(str(page))


# ── what is asked for ────────────────────────────────────────────────────────────────────────────


def _found(root: Path, revision: str | None, asked: str) -> tuple[Compiled, OpenSide, Plan, str]:
    from handbill.pipeline import compile_tree

    tree, found = open_tree(root, revision)
    if tree is None:
        raise click.ClickException("no configuration can be read here; see handbill check")
    compiled = compile_tree(tree, found)
    assert compiled.repository is not None
    tenant, name = find_campaign(compiled.repository, asked)
    return (compiled, *_plan_of(compiled, tenant.name, name))


def _plan_of(compiled: Compiled, tenant: str, name: str) -> tuple[OpenSide, Plan, str]:
    from handbill.diff.sides import side_of

    side = side_of("", compiled)
    released, draft = side.plan(tenant, name), side.draft(tenant, name)
    plan = released or draft
    if plan is None:
        raise click.ClickException(
            f"`{tenant}` has errors, so nothing of it can be shown; "
            f"see handbill check tenants/{tenant}"
        )
    return side, plan, "draft" if released is None else plan.status


def page_of(compiled: Compiled, tenant: str, name: str, at: datetime) -> str:
    """A campaign's messages as HTML, for every persona. Raises ClickException where there are none."""
    from handbill.cli.rehearsal.shown import Wanted

    side, plan, status = _plan_of(compiled, tenant, name)
    known = _personas(compiled)
    shown = _shown(side, plan, status, known, at, Wanted(), None)
    return _page(shown, compiled, at, _described(known), "phone")


def _described(known: Mapping[str, Persona]) -> Mapping[str, str]:
    return {name: each.written.description or "" for name, each in known.items()}


def _personas(compiled: Compiled) -> Mapping[str, Persona]:
    from handbill.assertions.suite import read_suite

    return read_suite(compiled.documents).personas if compiled.documents is not None else {}


def _refuse_unknown(wanted: Wanted, plan: Plan, personas: Mapping[str, Persona]) -> None:
    from handbill.cli.rehearsal.shown import unknown_name

    unknown = unknown_name(wanted, plan, personas)
    if unknown is not None:
        raise click.ClickException(unknown)


def _shown(
    side: OpenSide,
    plan: Plan,
    status: str,
    personas: Mapping[str, Persona],
    at: datetime,
    wanted: Wanted,
    real: tuple[str, Path] | None,
) -> Shown:
    """Of a real customer, what every active campaign needs decides whether the row is good."""
    from handbill.cli.rehearsal.cast import open_real
    from handbill.cli.rehearsal.previewing import Previewing
    from handbill.cli.rehearsal.shown import show_campaign

    def opened(tested: Tested) -> AbstractContextManager[Cast]:
        assert real is not None
        return open_real(tested, str(real[1]), real[0], at)

    owner = side.tenant(plan.tenant)
    released = owner.plans if owner is not None and real is not None else ()
    with Previewing(
        (side,),
        personas,
        at,
        plans=lambda _: {plan.campaign, *released},
        opened=opened if real is not None else None,
        every_locale=True,
    ) as previews:
        return show_campaign(previews, side, plan, status, wanted)


# ── what is written ──────────────────────────────────────────────────────────────────────────────


def _write_page(
    shown: Shown,
    compiled: Compiled,
    at: datetime,
    described: Mapping[str, str],
    out: Path | None,
    device: str,
) -> Path:
    plan = shown.plan
    folder = Path(tempfile.mkdtemp(prefix="handbill-preview-")) if out is None else out
    page = folder if folder.suffix == ".html" else folder / f"{plan.tenant}.{plan.campaign}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(_page(shown, compiled, at, described, device), encoding="utf-8")
    return page


def _page(
    shown: Shown, compiled: Compiled, at: datetime, described: Mapping[str, str], device: str
) -> str:
    from handbill.cli.preview_page import preview_page

    pictures = _pictures(compiled, shown.plan)
    return preview_page(shown, pictures, at, described, device == "desktop")


def _write_pictures(shown: Shown, compiled: Compiled, page: Path, device: str) -> None:
    """Of every message that there is something to see of, beside the page."""
    from handbill.cli.chromium import NoPicture, find_chromium, take_picture
    from handbill.cli.preview_page import message_page

    pictures = _pictures(compiled, shown.plan)
    seen = [each for each in shown.renderings if each.parts]
    try:
        program = find_chromium()
        with tempfile.TemporaryDirectory(prefix="handbill-preview-") as folder:
            for each in seen[:MOST_PICTURES]:
                alone = Path(folder) / "message.html"
                text = message_page(each, pictures, device == "desktop")
                alone.write_text(text, encoding="utf-8")
                names = (page.stem, each.persona, each.variant, each.channel, each.locale)
                target = page.parent / (".".join(names) + ".png")
                take_picture(program, alone, target, SIZES[device])
                click.echo(target)
    except NoPicture as error:
        raise click.ClickException(str(error)) from error
    if len(seen) > MOST_PICTURES:
        click.echo(
            f"no pictures of {len(seen) - MOST_PICTURES} more: say --persona or --variant", err=True
        )
        sys.exit(1)


def _pictures(compiled: Compiled, plan: Plan) -> Mapping[str, bytes]:
    assert compiled.release is not None
    return {name: compiled.release.assets[name] for name in plan.assets}
