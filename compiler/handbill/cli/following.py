"""`handbill publish --watch`: puts a publisher's parts together, runs them, and takes them apart.

Construct, then run: what is wrong with an option is found before anything starts.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.ci_refusals import or_fail
from handbill.cli.follow_options import FollowOptions
from handbill.cli.publisher_log import PublisherLog
from handbill.cli.publisher_parts import Teller, served
from handbill.publish.bell import Bell
from handbill.publish.branch import Branch, open_branch
from handbill.publish.condition import Condition
from handbill.publish.orders import NO_ORDERS, Orders
from handbill.publish.remote import RemoteBranch, open_remote
from handbill.publish.remote_place import find_remote
from handbill.publish.reviewed import Reviews
from handbill.publish.tending import Tending
from handbill.publish.watch import BranchPublisher

if TYPE_CHECKING:
    from handbill.pipeline import Compiled
    from handbill.plan.model import Environment
    from handbill.publish.publisher import Publisher


@dataclass(frozen=True, slots=True)
class Following:
    """What is followed, into what, and how it is compiled and published."""

    environment: str
    repository: Path | None
    """Of this machine; None where only the remote is known."""
    publisher: Callable[[Environment], Publisher]
    compile: Callable[[Path, str], Compiled]
    options: FollowOptions
    output: str
    reviews: Reviews | None = None
    orders: Orders = NO_ORDERS
    """`--first` and runtimes that are dead; rings and freezes come from the commits."""


def follow(following: Following) -> None:
    """Runs until SIGTERM or Ctrl-C. Exits with 1 where it cannot begin."""
    options = following.options
    tending = Tending(following.environment, following.orders)
    branch = _branch(following)
    log, bell, stop = PublisherLog(options.log), Bell(), threading.Event()
    with contextlib.ExitStack() as parts:
        if isinstance(branch, RemoteBranch):
            parts.callback(branch.close)
        condition = Condition(_freshness(options))
        teller = Teller(following.environment, following.output, log, condition)
        publisher = BranchPublisher(
            branch,
            following.environment,
            following.publisher,
            following.compile,
            teller.tell,
            bell,
            following.reviews,
            orders_for=tending.orders_for,
            tend=tending.tend,
            turned=condition.turned,
            seen=condition.branch_seen,
        )
        parts.enter_context(served(options, state_folder(following), publisher, teller))
        end = ending(stop, bell)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        where = branch.place.url if isinstance(branch, RemoteBranch) else branch.repository
        log.say(
            "info",
            f"following {options.branch} into {following.environment}, from {where}; stop with Ctrl-C",
        )
        publisher.run(stop)
        log.say("info", "stopped")


def ending(stop: threading.Event, bell: Bell) -> Callable[..., None]:
    """The handler of a signal to stop. It may be interrupted by itself: a service's manager tells each
    of its processes, and the one that watches this passes the signal on. An event's `set` may not."""
    told: list[int] = []

    def end(number: int, frame: object) -> None:
        if told:
            return
        told.append(number)
        stop.set()
        bell.ring()

    return end


def _freshness(options: FollowOptions) -> float:
    """How old a look at the branch may be, in seconds: as a large commit takes long to compile."""
    return 120.0 + (3 * options.poll if options.remote is not None else 0.0)


# ── the branch ───────────────────────────────────────────────────────────────────────────────────


def _branch(following: Following) -> Branch | RemoteBranch:
    options = following.options
    if options.remote is None:
        assert following.repository is not None
        local = or_fail(open_branch(following.repository, options.branch))
        local.interval = options.interval
        return local
    place = or_fail(find_remote(options.remote, following.repository))
    mirror = state_folder(following) / "mirror.git"
    return or_fail(open_remote(place, options.branch, mirror, options.poll))


def state_folder(following: Following) -> Path:
    """`--state`, else the environment's own in the user's folder for state."""
    if following.options.state is not None:
        return following.options.state
    home = os.environ.get("XDG_STATE_HOME")
    try:
        base = Path(home) if home else Path.home() / ".local" / "state"
    except RuntimeError as error:
        raise click.UsageError("this user has no home folder: name one with --state") from error
    return base / "handbill" / "publisher" / following.environment
