"""What `pause` and `resume` have in common: the options, and one signed change of who is stopped."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from handbill.cli.output import fail, show
from handbill.cli.store_place import (
    cosign_option,
    environment_option,
    key_option,
    open_place,
    repository_option,
    store_option,
    trust_option,
)
from handbill.cli.workspace import line_reader

if TYPE_CHECKING:
    from handbill.store.keys import PublicKey
    from handbill.store.store import Store
    from handbill.store.trust import Trust

Command = TypeVar("Command", bound=Callable[..., Any])


def default_operator() -> str:
    """This user's name, which says who it was; the key says who was allowed to."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def options_of_a_stop(one: str, everybody: str) -> Callable[[Command], Command]:
    """Every option of a command that changes who is stopped, in the order of its help. `one` and
    `everybody` are the help of --tenant and --all."""
    options = (
        environment_option,
        repository_option,
        store_option,
        key_option,
        cosign_option,
        trust_option,
        click.option("--tenant", "tenants", multiple=True, help=one),
        click.option("--all", "everyone", is_flag=True, help=everybody),
        click.option("--reason", required=True, help="Why, for whoever reads the history."),
        click.option("--by", default=default_operator, help="Who, if not this user."),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def change(
    environment: str,
    repository: Path,
    store_url: str | None,
    key_reference: str,
    cosigners: tuple[str, ...],
    trust: tuple[str, ...],
    *,
    stop: tuple[str, ...] = (),
    resume: tuple[str, ...] = (),
    everyone: bool | None = None,
    by: str,
    reason: str,
) -> None:
    """Signs, stores and tells who is stopped now."""
    from handbill.publish.keys import load_keys
    from handbill.store.errors import PauseUntrusted, StoreError
    from handbill.store.pause import change_pause, read_pause_standing

    for text in (reason, by, *stop, *resume):
        if not text.isprintable():
            raise click.UsageError(f"{text!r} is not one line of text")
    now = datetime.now(UTC)
    try:
        keys, warnings = load_keys((key_reference, *cosigners))
        show(warnings, line_reader(None), "text")
        store = open_place(store_url, environment, repository)
        trusted = _trusted(store, trust, [key.public for key in keys])
        if not (stop or everyone):
            trusted.refuse_expired(now)
        standing = read_pause_standing(store, environment, trusted)
        if standing.problem is not None:
            problem = standing.problem
            click.echo(f"warning[{problem.code}]: {problem.message}; it is replaced", err=True)
        before = standing.pause
        if resume and before is not None and before.everyone:
            raise click.UsageError("everybody is stopped: resume --all, then pause those who stay")
        if resume and before is not None and (unknown := set(resume) - set(before.tenants)):
            raise click.UsageError(f"{', '.join(sorted(unknown))} is not stopped")
        done = change_pause(
            store,
            environment,
            trusted,
            [key.private for key in keys],
            stop=stop,
            resume=resume,
            everyone=everyone,
            by=by,
            reason=reason,
            now=now,
        )
    except PauseUntrusted as error:
        fail(error.code, error.message, _who_may(trusted, environment))
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    if strangers := sorted(set(stop) - _published(store, environment, trusted, stop)):
        names = ", ".join(strangers)
        click.echo(f"warning: {environment} runs no tenant of this name: {names}", err=True)
    stopped = "everybody" if done.everyone else ", ".join(done.tenants) or "nobody"
    click.echo(f"number {done.number} at {done.issued}: stopped in {environment}: {stopped}")


def _trusted(store: Store, trust: tuple[str, ...], own: Sequence[PublicKey]) -> Trust:
    """Whom to believe. A root document in the store that cannot be followed is told and keeps nobody
    from stopping: those before it hold. Raises a StoreError."""
    from handbill.store.errors import KeyUnusable, RootUnreadable, RootUntrusted
    from handbill.store.paths import ROOT_FOLDER
    from handbill.store.trust import load_trust

    given = load_trust(trust)
    if given.is_empty and store.names(ROOT_FOLDER):
        raise KeyUnusable(
            "a root document says who may stop this environment, and none is given",
            "give --trust root.json, or --trust with a public key where runtimes go by that",
        )
    trusted = given.including(*own)
    try:
        while (following := trusted.updated(store, most=1)) is not trusted:
            trusted = following
    except (RootUnreadable, RootUntrusted) as error:
        click.echo(
            f"warning[{error.code}]: {error.message}; version {trusted.version} holds", err=True
        )
    return trusted


def _who_may(trusted: Trust, environment: str) -> str:
    """What to type so that the signatures count."""
    quorum = trusted.operators(environment)
    if not quorum.keys:
        return f"nobody may: handbill root add, with --env {environment} --operator KEY"
    if quorum.threshold > 1:
        return f"{quorum.threshold} operators sign: --key, and --cosign for each further one"
    return "use an operator's key (--key)"


def _published(store: Store, environment: str, trust: Trust, asked: tuple[str, ...]) -> set[str]:
    """The tenants that the environment runs; what was asked for where that cannot be read: a stop
    never waits for a sound release."""
    from handbill.store.errors import StoreError
    from handbill.store.pointer import read_pointer
    from handbill.store.release import read_release

    try:
        stored = read_pointer(store, environment, trust)
        return set(read_release(store, stored.pointer.release).release.tenants) if stored else set()
    except StoreError:
        return set(asked)
