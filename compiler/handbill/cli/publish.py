"""`handbill publish`: a revision becomes what an environment runs; with --watch, every commit does."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.caching import builder_of, cache_option
from handbill.cli.follow_options import FollowOptions, follow_options
from handbill.cli.output import fail, output_option, show
from handbill.cli.promoting import Promoting, promote, promoting_options
from handbill.cli.publisher_opener import PublisherOpener
from handbill.cli.store_place import (
    cosign_option,
    environment_option,
    key_option,
    repository_option,
    store_option,
    trust_option,
)
from handbill.cli.wishes import (
    Wishes,
    is_confirmed,
    refuse_while_following,
    wishes_options,
)
from handbill.cli.workspace import find_root, git_location, line_reader

if TYPE_CHECKING:
    from handbill.diagnostics.diagnostic import Diagnostic
    from handbill.pipeline import Compiled
    from handbill.publish.publication import Publication
    from handbill.publish.reviewed import Reviews


@click.command()
@environment_option
@repository_option
@click.option("--rev", "revision", default="HEAD", show_default=True, help="What to publish.")
@key_option
@cosign_option
@trust_option
@store_option
@click.option(
    "--reviews",
    "reviews_place",
    metavar="DIR|URL",
    help="Where reviews leave what they showed: the history then says whether it is the same.",
)
@follow_options
@wishes_options
@promoting_options
@cache_option
@output_option
def publish(
    environment: str,
    repository: Path,
    revision: str,
    key_reference: str,
    cosigners: tuple[str, ...],
    trust: tuple[str, ...],
    store_url: str | None,
    reviews_place: str | None,
    following: FollowOptions,
    wishes: Wishes,
    promoting: Promoting,
    cached: bool,
    output: str,
) -> None:
    """Compile a revision, sign it and make it what the environment runs.

    Tenants with errors keep what they last published, and the exit code is 1. The environment's file
    says in which rings a change comes out, and when nothing does.
    """
    from handbill.publish.keys import load_key, load_keys
    from handbill.store.errors import StoreError
    from handbill.store.trust import load_trust

    root = find_root(repository)
    try:
        key, warnings = load_key(key_reference)
        others, more = load_keys(cosigners)
        warnings = (*warnings, *more)
        trusted = load_trust(trust)
        if warnings:
            show(warnings, line_reader(None), "text")
        context = click.get_current_context()
        assert context is not None, "this is called by a command"
        builder = context.with_resource(builder_of(cached))
        opener = PublisherOpener(
            environment, *git_location(root), store_url, key, trusted, builder, others
        )
        reviews = _reviews(reviews_place)
        if following.watch:
            refuse_while_following(wishes, promoting.source)
            _follow(opener, following, reviews, wishes, output)
        else:
            _publish_once(opener, revision, reviews, wishes, promoting, output)
    except StoreError as error:
        fail(error.code, error.message, error.hint)


def _reviews(place: str | None) -> Reviews | None:
    if place is None:
        return None
    from handbill.cli.ci_refusals import or_fail
    from handbill.publish.review_places import open_reviews

    return or_fail(open_reviews(place))


def _publish_once(
    opener: PublisherOpener,
    revision: str,
    reviews: Reviews | None,
    wishes: Wishes,
    promoting: Promoting,
    output: str,
) -> None:
    from handbill.diagnostics.diagnostic import has_errors
    from handbill.publish.branch import open_log
    from handbill.publish.notices import unknown_environment
    from handbill.publish.orders import FIRST
    from handbill.publish.origin import NOT_SAID, origin_of
    from handbill.publish.publishing import publish as publish_release
    from handbill.publish.tending import orders_of

    compiled = opener.compile(opener.repository, revision)
    log = open_log(opener.repository)
    environment = compiled.environments.get(opener.environment)
    publication = None
    diagnostics = compiled.diagnostics if promoting.source is None else ()
    if compiled.release is not None and environment is None:
        diagnostics = (*diagnostics, unknown_environment(opener.environment, compiled.environments))
    elif compiled.release is not None and environment is not None:
        contains = log.contains if log is not None else None
        attempt = partial(
            publish_release,
            opener.publisher(environment),
            compiled.release,
            environment,
            contains=contains,
            origin=origin_of(log, compiled.release.commit, reviews)
            if log is not None
            else NOT_SAID,
        )
        if promoting.source is not None:
            attempt = partial(promote, opener, promoting, compiled, environment, contains=contains)
        orders = orders_of(compiled, opener.environment, wishes.orders)
        if promoting.source is not None:
            orders = replace(orders, by=wishes.by)
        publication = attempt(orders=orders)
        if is_confirmed(publication):
            publication = attempt(orders=replace(orders, first=FIRST))
        diagnostics = (*diagnostics, *publication.diagnostics)
    _show_publication(opener, compiled, publication, diagnostics, output)
    sys.exit(1 if publication is None or has_errors(diagnostics) else 0)


def _show_publication(
    opener: PublisherOpener,
    compiled: Compiled,
    publication: Publication | None,
    diagnostics: tuple[Diagnostic, ...],
    output: str,
) -> None:
    from handbill.cli.publication_report import publication_json, publication_text

    if output == "json":
        click.echo(json.dumps(publication_json(publication, diagnostics), indent=2, default=str))
        return
    show(diagnostics, line_reader(compiled.tree), output)
    if publication is None:
        click.echo(f"not published: {opener.environment} goes on as it is")
    else:
        click.echo(publication_text(publication, opener.environment))


def _follow(
    opener: PublisherOpener,
    options: FollowOptions,
    reviews: Reviews | None,
    wishes: Wishes,
    output: str,
) -> None:
    from handbill.cli.following import Following, follow

    if options.folder:
        opener.subfolder = options.folder.strip("/")
    follow(
        Following(
            environment=opener.environment,
            repository=opener.repository,
            publisher=opener.publisher,
            compile=opener.compile,
            options=options,
            output=output,
            reviews=reviews,
            orders=wishes.orders,
        )
    )
