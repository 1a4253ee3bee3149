"""The options with which an operator publishes otherwise than the environment's file says."""

from __future__ import annotations

import functools
import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rich_click as click

from handbill.publish.orders import FIRST, NO_FIRST, Orders
from handbill.publish.publication import Publication


@dataclass(frozen=True, slots=True)
class Wishes:
    """`first` is FIRST, a release's digest, or NO_FIRST."""

    reason: str = ""
    by: str = ""
    at_once: bool = False
    tenants: tuple[str, ...] = ()
    despite_freeze: bool = False
    ignored_runtimes: tuple[str, ...] = ()
    first: str = NO_FIRST

    @property
    def orders(self) -> Orders:
        return Orders(
            at_once=self.at_once,
            only=frozenset(self.tenants) if self.tenants else None,
            despite_freeze=self.despite_freeze,
            ignored_runtimes=frozenset(self.ignored_runtimes),
            by=self.by if self.reason else "",
            why=self.reason,
            first=self.first,
        )


def this_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


reason_option = click.option("--reason", default="", help="Why, for the history.")
by_option = click.option("--by", default=this_user, help="Who, if not this user: for the history.")
despite_freeze_option = click.option(
    "--despite-freeze", is_flag=True, help="Although a freeze is on. Needs --reason."
)
ignore_runtime_option = click.option(
    "--ignore-runtime",
    "ignored_runtimes",
    multiple=True,
    metavar="NAME",
    help="A dead runtime that need not be able to execute it.",
)
_OPTIONS = (
    click.option("--at-once", is_flag=True, help="To everybody, without rings. Needs --reason."),
    click.option(
        "--tenant",
        "tenants",
        multiple=True,
        metavar="NAME",
        help="With --at-once: to this tenant only; rings go on for the others.",
    ),
    despite_freeze_option,
    reason_option,
    by_option,
    ignore_runtime_option,
    click.option(
        "--first",
        is_flag=False,
        flag_value=FIRST,
        default=NO_FIRST,
        metavar="[DIGEST]",
        help="The environment may be new; with the digest of a review, only as this release.",
    ),
)


def wishes_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options, as one argument `wishes`."""
    names = Wishes.__dataclass_fields__.keys()

    @functools.wraps(function)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        wishes = Wishes(**{name: options.pop(name) for name in names})
        refuse_without_reason(wishes)
        return function(*arguments, wishes=wishes, **options)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def is_confirmed(publication: Publication) -> bool:
    """Whether a publish was refused because the environment is new, and a person at a terminal, shown
    what it would begin with, says that it is meant."""
    found = next((each for each in publication.diagnostics if each.code == "HB847"), None)
    if found is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    click.echo("\n".join((found.message, *found.notes)), err=True)
    return click.confirm("Is this meant?", err=True)


def refuse_while_following(wishes: Wishes, source: str | None) -> None:
    """Raises a UsageError: a follower passes over no rule, and follows commits only."""
    if source is not None:
        raise click.UsageError("--from publishes once: no --watch")
    if wishes.at_once or wishes.despite_freeze:
        raise click.UsageError("--at-once and --despite-freeze are for one revision: no --watch")


def refuse_without_reason(wishes: Wishes) -> None:
    """Raises a UsageError: what passes over a rule is in the history with its reason."""
    if wishes.tenants and not wishes.at_once:
        raise click.UsageError("--tenant goes with --at-once")
    for name, given in (("--at-once", wishes.at_once), ("--despite-freeze", wishes.despite_freeze)):
        if given and not wishes.reason:
            raise click.UsageError(f"{name} needs --reason TEXT, which the history shows")
