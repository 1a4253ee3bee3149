"""Completing names of a configuration in a shell: only folders are listed, nothing is read or compiled."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from handbill.source.layout import NAME, PLATFORM_FILE

MAX_REVISIONS = 200


def tenants(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """Names below tenants/."""
    return _items(_folders(_root(ctx) / "tenants"), typed)


def campaigns(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """`TENANT/CAMPAIGN`; until the slash only tenants."""
    root = _root(ctx)
    tenant, slash, _rest = typed.partition("/")
    if not slash:
        return _items((f"{name}/" for name in _folders(root / "tenants")), typed)
    if not NAME.match(tenant):
        return []
    files = _stems(root / "tenants" / tenant / "campaigns")
    return _items((f"{tenant}/{name}" for name in files), typed)


def new_campaigns(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """The tenant of a campaign that has no name yet."""
    return _items((f"{name}/" for name in _folders(_root(ctx) / "tenants")), typed)


def environments(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    return _items(_stems(_root(ctx) / "environments"), typed)


def blueprints(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    return _items(_folders(_root(ctx) / "blueprints"), typed)


def groups(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    return _items(_folders(_root(ctx) / "groups"), typed)


def revisions(ctx: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """Branches and tags, the ones with the newest commits first."""
    if typed.startswith("-"):
        return []
    command = ["git", "for-each-ref", f"--count={MAX_REVISIONS}", "--sort=-creatordate"]
    command += ["--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"]
    try:
        done = subprocess.run(
            command, cwd=_root(ctx), capture_output=True, text=True, timeout=2, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return _items(["HEAD", *done.stdout.split()], typed, in_order=False)


def _root(ctx: click.Context) -> Path:
    """The configuration of --root, --repo or of where one stands."""
    given = ctx.params.get("root") or ctx.params.get("repository") or "."
    start = Path(given).absolute()
    return next((at for at in (start, *start.parents) if (at / PLATFORM_FILE).is_file()), start)


def _folders(folder: Path) -> Iterator[str]:
    yield from (entry.name for entry in _entries(folder) if entry.is_dir())


def _stems(folder: Path) -> Iterator[str]:
    for entry in _entries(folder):
        if entry.name.endswith(".yaml"):
            yield entry.name.removesuffix(".yaml")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except OSError:
        return []


def _items(
    names: Iterator[str] | list[str], typed: str, in_order: bool = True
) -> list[CompletionItem]:
    fitting = [name for name in names if name.startswith(typed)]
    return [CompletionItem(name) for name in (sorted(fitting) if in_order else fitting)]
