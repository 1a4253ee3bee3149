"""`handbill publish`: a revision becomes what an environment runs; with --watch, every commit does."""

from __future__ import annotations

import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.caching import builder_of, cache_option
from handbill.cli.output import fail, output_option, show
from handbill.cli.store_place import (
    cosign_option,
    environment_option,
    key_option,
    repository_option,
    store_option,
    trust_option,
)
from handbill.cli.workspace import find_root, git_location, line_reader

if TYPE_CHECKING:
    from handbill.diagnostics.diagnostic import Diagnostic
    from handbill.incremental.build import Builder
    from handbill.pipeline import Compiled
    from handbill.plan.model import Environment
    from handbill.publish.events import Event
    from handbill.publish.keys import SigningKey
    from handbill.publish.publication import Publication
    from handbill.publish.publisher import Publisher
    from handbill.source.memory import Memory
    from handbill.store.trust import Trust


@click.command()
@environment_option
@repository_option
@click.option("--rev", "revision", default="HEAD", show_default=True, help="What to publish.")
@key_option
@cosign_option
@trust_option
@store_option
@click.option("--watch", is_flag=True, help="Follow a branch and publish each of its commits.")
@click.option("--branch", default="main", show_default=True, help="With --watch: the branch.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.001),
    default=0.005,
    show_default=True,
    help="With --watch: seconds between two looks at the branch.",
)
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
    watch: bool,
    branch: str,
    interval: float,
    cached: bool,
    output: str,
) -> None:
    """Compile a revision, sign it and make it what the environment runs.

    Tenants with errors keep what they last published, and the exit code is 1.
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
        opener = _Opener(environment, root, store_url, key, trusted, builder, others)
        if watch:
            _follow(opener, branch, interval, output)
        else:
            _publish_once(opener, revision, output)
    except StoreError as error:
        fail(error.code, error.message, error.hint)


class _Opener:
    """Opens the publisher for the store that an environment names, or that --store does."""

    def __init__(
        self,
        environment: str,
        root: Path,
        store_url: str | None,
        key: SigningKey,
        trusted: Trust,
        builder: Builder | None,
        cosigners: tuple[SigningKey, ...] = (),
    ) -> None:
        self.environment = environment
        self.root = root
        self.repository, self.subfolder = git_location(root)
        self._store_url = store_url
        self._key = key
        self._cosigners = cosigners
        self._trusted = trusted
        self._builder = builder
        self._memory: Memory | None = None

    def publisher(self, environment: Environment) -> Publisher:
        from handbill.publish.publisher import Publisher
        from handbill.store.store import open_store

        store = open_store(self._store_url or environment.store)
        self._trusted = self._trusted.updated(store)
        return Publisher(
            store, self.environment, self._key, _now, self._trusted, cosigners=self._cosigners
        )

    def compile(self, repository: Path, commit: str) -> Compiled:
        from handbill.pipeline import compile_revision
        from handbill.source.memory import Memory

        if self._builder is not None:
            return self._builder.revision(repository, commit, self.subfolder)
        if self._memory is None:
            self._memory = Memory()
        return compile_revision(repository, commit, self.subfolder, self._memory)


def _now() -> datetime:
    return datetime.now(UTC)


def _publish_once(opener: _Opener, revision: str, output: str) -> None:
    from handbill.diagnostics.diagnostic import has_errors
    from handbill.publish.branch import contains_commit
    from handbill.publish.notices import unknown_environment
    from handbill.publish.publishing import publish as publish_release

    compiled = opener.compile(opener.repository, revision)
    environment = compiled.environments.get(opener.environment)
    publication = None
    diagnostics = compiled.diagnostics
    if compiled.release is not None and environment is None:
        diagnostics = (*diagnostics, unknown_environment(opener.environment, compiled.environments))
    elif compiled.release is not None and environment is not None:
        publication = publish_release(
            opener.publisher(environment),
            compiled.release,
            environment,
            contains=lambda later, earlier: contains_commit(opener.repository, later, earlier),
        )
        diagnostics = (*diagnostics, *publication.diagnostics)
    _show_publication(opener, compiled, publication, diagnostics, output)
    sys.exit(1 if publication is None or has_errors(diagnostics) else 0)


def _show_publication(
    opener: _Opener,
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


def _follow(opener: _Opener, branch_name: str, interval: float, output: str) -> None:
    from handbill.diagnostics.diagnostic import Diagnostic
    from handbill.publish.bell import Bell
    from handbill.publish.branch import open_branch
    from handbill.publish.watch import BranchPublisher

    branch = open_branch(opener.repository, branch_name)
    if isinstance(branch, Diagnostic):
        fail(branch.code, branch.message, branch.hint)
    branch.interval = interval
    stop = threading.Event()
    bell = Bell()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: (stop.set(), bell.ring())[0])
    click.echo(f"following {branch_name} into {opener.environment}; stop with Ctrl-C", err=True)
    BranchPublisher(
        branch,
        opener.environment,
        opener.publisher,
        opener.compile,
        lambda event: _report(event, opener.environment, output),
        bell,
    ).run(stop)


def _report(event: Event, environment: str, output: str) -> None:
    from handbill.cli.follower_report import event_json, event_text, tree_of

    if output == "json":
        click.echo(event_json(event))
    else:
        show(event.diagnostics, line_reader(tree_of(event)), output)
        click.echo(event_text(event, environment))
    sys.stdout.flush()
