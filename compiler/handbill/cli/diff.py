"""`handbill diff`: what changes for customers between two releases."""

from __future__ import annotations

import os
import sys
from collections import ChainMap
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.caching import builder_of, cache_option
from handbill.cli.customers_place import customers_option, data_root_of
from handbill.cli.output import fail, show, write_report
from handbill.cli.run import Instant
from handbill.cli.store_place import open_place, store_option, trust_option
from handbill.cli.workspace import find_root, git_location, line_reader, root_option

if TYPE_CHECKING:
    from handbill.cli.rehearsal.counting import RealCounts
    from handbill.diff.model import ReleaseDiff
    from handbill.diff.opening import Workplace
    from handbill.diff.protocols import Previews
    from handbill.diff.sides import OpenSide
    from handbill.diff.stored import StoreAccess
    from handbill.source.documents import Documents

EXIT_DIFFERS = 4
"""Of `--detailed-exitcode`, as other tools of the kind have it for "there are changes"."""


@click.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option("--at", type=Instant(), help="The moment that next sends are told from; now.")
@customers_option
@root_option
@store_option
@trust_option
@click.option(
    "--output",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="For a terminal, for programs (versioned), for a comment, or a page to look at.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write it to, instead of printing it.",
)
@cache_option
@click.option("--detailed-exitcode", is_flag=True, help="End with 4 where the releases differ.")
def diff(
    base: str,
    head: str | None,
    at: datetime | None,
    customers: str | None,
    root: Path,
    store_url: str | None,
    trust: tuple[str, ...],
    output: str,
    out: Path | None,
    cached: bool,
    detailed_exitcode: bool,
) -> None:
    """Say what changes for customers from BASE to HEAD, the working tree where HEAD is left out.

    Each is a git revision, a folder that holds handbill.yaml, or `store:ENV`, what is published there.
    `main...topic` compares topic with where it left main; `main...` does so for the working tree.
    """
    from handbill.store.errors import StoreError

    moment = (at or datetime.now(UTC)).replace(tzinfo=None)
    counts = _counts(customers, moment)
    try:
        place = _workplace(root, store_url, trust, cached)
        found, sides = _compare(
            base, head, moment, place, previewed=output != "text", counts=counts
        )
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    for tenant, fault in counts.faults.items() if counts is not None else ():
        click.echo(f"{tenant}: its customers could not be counted: {fault}", err=True)
    write_report(_rendered(found, sides, output, color=out is None and _colour()), out)
    compiled = sides[1].compiled
    if compiled is not None and found.head.failed:
        errors = [each for each in compiled.diagnostics if each.is_error]
        show(errors, line_reader(compiled.tree), "text")
        sys.exit(1)
    differs = bool(found.entries or found.shared)
    sys.exit(EXIT_DIFFERS if detailed_exitcode and differs else 0)


def _compare(
    base: str,
    head: str | None,
    at: datetime,
    place: Workplace,
    previewed: bool,
    counts: RealCounts | None,
) -> tuple[ReleaseDiff, tuple[OpenSide, OpenSide]]:
    """What differs, and the sides of which it does."""
    from handbill.cli.hands import hands
    from handbill.diagnostics.diagnostic import Diagnostic
    from handbill.diff.compare import compare_releases
    from handbill.diff.opening import open_sides
    from handbill.language.reasoning.reasoner import Reasoner

    sides = open_sides(base, head, place)
    if isinstance(sides, Diagnostic):
        show([sides], line_reader(None), "text")
        sys.exit(1)
    with Reasoner() as reasoner, _previews(sides, at, previewed) as previews:
        found = compare_releases(
            *sides, reasoner, at=at, previews=previews, counts=counts, hands=hands()
        )
    return found, sides


def _counts(customers: str | None, at: datetime) -> RealCounts | None:
    if customers is None:
        return None
    from handbill.cli.rehearsal.counting import RealCounts

    return RealCounts(data_root_of(customers), at.replace(tzinfo=UTC))


def _previews(
    sides: tuple[OpenSide, OpenSide], at: datetime, wanted: bool
) -> AbstractContextManager[Previews | None]:
    """What the head's personas read; a terminal has no room for it."""
    from handbill.assertions.suite import read_suite
    from handbill.cli.rehearsal.previewing import Previewing

    if not wanted:
        return nullcontext()
    documents = _documents(sides)
    personas = read_suite(documents).personas if documents is not None else {}
    return Previewing(sides, personas, at)


def _workplace(
    root: Path, store_url: str | None, trust: tuple[str, ...], cached: bool
) -> Workplace:
    from handbill.diff.opening import Workplace

    folder = find_root(root)
    repository, subfolder = git_location(folder)
    context = click.get_current_context()
    assert context is not None, "this is called by a command"
    builder = context.with_resource(builder_of(cached))
    access = _access(folder, store_url, trust)
    return Workplace(folder, repository, subfolder, access, builder=builder)


def _access(root: Path, store_url: str | None, trust: tuple[str, ...]) -> StoreAccess:
    from handbill.diff.stored import StoreAccess
    from handbill.store.trust import NOBODY, load_trust

    trusted = load_trust(trust) if trust else NOBODY
    return StoreAccess(lambda environment: open_place(store_url, environment, root), trusted)


# ── output ───────────────────────────────────────────────────────────────────────────────────────


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _rendered(
    found: ReleaseDiff, sides: tuple[OpenSide, OpenSide], output: str, color: bool
) -> str:
    match output:
        case "json":
            from handbill.diff.renderers.json import render_json

            return render_json(found) + "\n"
        case "markdown":
            from handbill.diff.renderers.markdown import render_markdown

            return render_markdown(found) + "\n"
        case "html":
            from handbill.diff.renderers.html import render_html

            return render_html(found, _pictures(sides))
        case _:
            from handbill.diff.renderers.text import render_text

            return render_text(found, color)


def _documents(sides: tuple[OpenSide, OpenSide]) -> Documents | None:
    """What the configuration says of personas: all retailers', and those of them that differ."""
    from handbill.schema.documents import check_documents
    from handbill.source.documents import load_documents
    from handbill.source.narrowed import of_tenants

    compiled = sides[1].compiled or sides[0].compiled
    if compiled is None or compiled.documents is not None or compiled.tree is None:
        return compiled.documents if compiled is not None else None
    base, head = (side.release.tenants for side in sides)
    differing = [name for name in head if base.get(name) != head[name]]
    loaded, _ = load_documents(of_tenants(compiled.tree, differing))
    return check_documents(loaded)[0]


def _pictures(sides: tuple[OpenSide, OpenSide]) -> Mapping[str, bytes]:
    """Those that messages of either side show, each read only when a page asks for it."""
    releases = [side.compiled.release for side in sides if side.compiled is not None]
    found = [release.assets for release in releases if release is not None]
    return ChainMap(*found)  # type: ignore[arg-type]  # nothing is written to it
