"""Where commands find what earlier ones compiled: the option, the variable and the folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:
    from handbill.incremental.build import Builder

cache_option = click.option(
    "--cache/--no-cache",
    "cached",
    default=True,
    help="Whether to use and keep what is compiled: in HANDBILL_CACHE, else in the user's cache folder.",
)


@contextmanager
def builder_of(cached: bool) -> Iterator[Builder | None]:
    """A builder with the user's cache; None where nothing is to be remembered."""
    from handbill.cli.workers import in_workers, worker_count
    from handbill.incremental.build import Builder
    from handbill.incremental.cache import Cache, default_folder

    folder = default_folder() if cached else None
    if folder is None:
        yield None
        return
    cache, count = Cache(folder), worker_count()
    try:
        yield Builder(cache, workers=in_workers if count > 1 else None, at_once=count)
    finally:
        cache.close()
