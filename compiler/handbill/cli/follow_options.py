"""The options of `handbill publish --watch`, put together into one value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOptions:
    """As given; docs/publisher.md says what each means."""

    watch: bool
    branch: str
    interval: float
    remote: str | None
    folder: str
    poll: float
    state: Path | None
    listen: str | None
    github_secret: str | None
    gitlab_secret: str | None
    hints: str | None
    log: str


_OPTIONS = (
    click.option("--watch", is_flag=True, help="Follow a branch and publish each of its commits."),
    click.option("--branch", default="main", show_default=True, help="With --watch: the branch."),
    click.option(
        "--interval",
        type=click.FloatRange(min=0.001),
        default=0.005,
        show_default=True,
        help="With --watch: seconds between two looks at a branch of this machine.",
    ),
    click.option(
        "--remote",
        help="With --watch: follow the branch there: a URL, or a remote's name as `git remote` lists it.",
    ),
    click.option(
        "--folder",
        default="",
        help="With --remote URL: the folder in the repository that holds handbill.yaml.",
    ),
    click.option(
        "--poll",
        type=click.FloatRange(min=0.1),
        default=30.0,
        show_default=True,
        help="With --remote: seconds between two fetches when no webhook comes.",
    ),
    click.option(
        "--state",
        type=click.Path(file_okay=False, path_type=Path),
        help="With --watch: where the copy of the remote and the webhooks taken are kept.",
    ),
    click.option(
        "--listen",
        metavar="HOST:PORT",
        help="With --watch: serve webhooks, health, metrics and the event stream there.",
    ),
    click.option(
        "--github-secret",
        metavar="FILE",
        help="With --listen: the secret of GitHub's webhook: a file, or env:NAME.",
    ),
    click.option(
        "--gitlab-secret",
        metavar="FILE",
        help="With --listen: the secret or signing token of GitLab's webhook: a file, or env:NAME.",
    ),
    click.option(
        "--hints",
        metavar="nats://…",
        help="With --watch: a NATS server to leave the number of each publish at.",
    ),
    click.option(
        "--log",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="With --watch: how the log on standard error is written.",
    ),
)


def follow_options(command: Callable[..., _R]) -> Callable[..., _R]:
    """Gives `command` all of them as `following`."""

    @functools.wraps(command)
    def together(*arguments: Any, **options: Any) -> _R:
        own = {each.name: options.pop(each.name) for each in fields(FollowOptions)}
        return command(*arguments, following=FollowOptions(**own), **options)

    for option in reversed(_OPTIONS):
        together = option(together)
    return together
