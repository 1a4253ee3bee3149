"""`handbill compile`: a release on disk, and its digest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.caching import builder_of, cache_option
from handbill.cli.output import counted, fail, show
from handbill.cli.workspace import (
    find_root,
    git_location,
    line_reader,
    open_tree,
    revision_option,
    root_option,
)

if TYPE_CHECKING:
    from handbill.incremental.build import Builder
    from handbill.lower.release import CompiledRelease
    from handbill.pipeline import Compiled


@click.command()
@root_option
@revision_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write the release's packs; without it only the digest is printed.",
)
@click.option(
    "--sizes", is_flag=True, help="Say first how large each campaign's messages can become."
)
@cache_option
def compile(root: Path, revision: str | None, out: Path | None, sizes: bool, cached: bool) -> None:
    """Compile the configuration into a release and print its digest.

    Tenants with errors are left out, and the exit code is 1.
    """
    with builder_of(cached) as builder:
        _compile(_compiled(find_root(root), revision, builder), out, sizes)


def _compiled(root: Path, revision: str | None, builder: Builder | None) -> Compiled:
    from handbill.pipeline import Compiled, compile_tree

    if builder is None:
        tree, found = open_tree(root, revision)
        return compile_tree(tree, found) if tree else Compiled(None, None, None, {}, found)
    if revision is None:
        return builder.folder(root)
    repository, subfolder = git_location(root)
    return builder.revision(repository, revision, subfolder)


def _compile(compiled: Compiled, out: Path | None, sizes: bool) -> None:
    diagnostics = compiled.diagnostics
    show(diagnostics, line_reader(compiled.tree), "text")
    if compiled.release is None:
        click.echo(f"no release: {counted(diagnostics)}", err=True)
        sys.exit(1)
    release = compiled.release
    if out is not None:
        _write(release, out)
    if release.failed:
        click.echo(f"left out: {', '.join(release.failed)}", err=True)
    if sizes:
        for line in _sizes(release):
            click.echo(line)
    click.echo(release.digest)
    sys.exit(1 if compiled.has_errors else 0)


def _sizes(release: CompiledRelease) -> Iterator[str]:
    """`fresh-fields winback  email ≤ 38 KB, sms ≤ 2 segments`, a campaign a line."""
    from handbill.lower.sizes import sizes_of
    from handbill.plan.canonical import decode_object
    from handbill.plan.model import Channel, Plan, Tenant

    common = release.packs[release.digest]
    channels: dict[str, Channel] = {}
    for name, digest in release.release.channels.items():
        channel = decode_object(common[digest])
        assert isinstance(channel, Channel)
        channels[name] = channel
    for tenant_name, root in sorted(release.release.tenants.items()):
        tenant = decode_object(release.packs[root][root])
        assert isinstance(tenant, Tenant)
        for campaign, digest in sorted(tenant.plans.items()):
            plan = decode_object(release.packs[root][digest])
            assert isinstance(plan, Plan)
            found = sizes_of(plan, tenant, channels).items()
            shown = ", ".join(f"{channel} {size}".rstrip() for channel, size in found)
            yield f"{tenant_name} {campaign}  {shown}"


def _write(release: CompiledRelease, out: Path) -> None:
    from handbill.store.errors import StoreError
    from handbill.store.pack import write_packs
    from handbill.store.store import open_store

    try:
        write_packs(open_store(out.resolve().as_uri()), release.packs)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
