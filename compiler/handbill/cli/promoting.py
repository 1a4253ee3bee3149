"""`handbill publish --from ENV`: what another environment runs is published to this one, as it is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rich_click as click

from handbill.cli import names

if TYPE_CHECKING:
    from handbill.cli.publisher_opener import PublisherOpener
    from handbill.pipeline import Compiled
    from handbill.plan.model import Environment
    from handbill.publish.attempt import Contains
    from handbill.publish.orders import Orders
    from handbill.publish.promotion import Source
    from handbill.publish.publication import Publication


@dataclass(frozen=True, slots=True)
class Promoting:
    """`source` is the environment to take from; None for an ordinary publish."""

    source: str | None = None
    source_store: str | None = None
    sequence: int | None = None
    despite_health: bool = False


_OPTIONS = (
    click.option(
        "--from",
        "source",
        metavar="ENV",
        help="Publish what this environment runs, by its digest, and compile nothing.",
        shell_complete=names.environments,
    ),
    click.option("--from-store", "source_store", metavar="URL", help="With --from: its store."),
    click.option(
        "--sequence", type=click.IntRange(min=1), help="With --from: a number of its history."
    ),
    click.option(
        "--despite-health",
        is_flag=True,
        help="With --from: although its runtimes are not well. Needs --reason.",
    ),
)


def promoting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options, as one argument `promoting`."""
    fields = Promoting.__dataclass_fields__.keys()

    @functools.wraps(function)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        promoting = Promoting(**{name: options.pop(name) for name in fields})
        if promoting.source is None and promoting != Promoting():
            raise click.UsageError("--from-store, --sequence and --despite-health go with --from")
        return function(*arguments, promoting=promoting, **options)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def promote(
    opener: PublisherOpener,
    promoting: Promoting,
    compiled: Compiled,
    environment: Environment,
    orders: Orders,
    contains: Contains | None,
) -> Publication:
    """`compiled` is asked for the environments of its revision and for nothing else. Raises a
    StoreError."""
    from handbill.publish.promotion import promote as promote_release

    if promoting.despite_health and not orders.why:
        raise click.UsageError("--despite-health needs --reason TEXT, which the history shows")
    return promote_release(
        opener.publisher(environment),
        _source(opener, promoting, compiled),
        environment,
        orders,
        contains=contains,
        despite_health=promoting.despite_health,
    )


def _source(opener: PublisherOpener, promoting: Promoting, compiled: Compiled) -> Source:
    from handbill.cli.output import fail
    from handbill.publish.notices import unknown_environment
    from handbill.publish.promotion import Source
    from handbill.store.store import open_store

    assert promoting.source is not None
    if promoting.source == opener.environment:
        raise click.UsageError("--from is another environment than --env")
    url = promoting.source_store
    if url is None:
        known = compiled.environments.get(promoting.source)
        if known is None:
            found = unknown_environment(promoting.source, compiled.environments)
            fail(found.code, found.message, found.hint)
        url = known.store
    store = open_store(url)
    return Source(store, promoting.source, opener.trusted_in(store), promoting.sequence)
