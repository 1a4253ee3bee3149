"""What stands around a publisher that follows a branch: who is told of its events, and its server."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import rich_click as click

from handbill.cli.ci_refusals import fail_with, or_fail
from handbill.cli.follow_options import FollowOptions
from handbill.cli.follower_report import event_json, event_text, tree_of
from handbill.cli.output import show
from handbill.cli.publisher_log import PublisherLog
from handbill.cli.workspace import line_reader
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.pointer import Pointer
from handbill.publish.condition import Condition
from handbill.publish.deliveries import Deliveries
from handbill.publish.events import Event, Handled, Renewed, Trouble
from handbill.publish.hints import NatsHints, check_hints_url
from handbill.publish.pointer_watch import PointerWatch
from handbill.publish.secrets import load_secrets
from handbill.publish.stream import Announcement, EventStream
from handbill.publish.watch import BranchPublisher
from handbill.publish.webhook import Answer, Result, Service, Webhook

if TYPE_CHECKING:
    from handbill.publish.metrics import Metrics

_FINE = (Result.ACCEPTED, Result.PING, Result.IGNORED)


class Teller:
    """Tells everybody of what happens: whoever acts on it first, people last."""

    def __init__(
        self, environment: str, output: str, log: PublisherLog, condition: Condition
    ) -> None:
        self.environment, self.log, self.condition = environment, log, condition
        self.stream = EventStream()
        self.metrics: Metrics | None = None
        self.hints: NatsHints | None = None
        self._output = output

    def tell(self, event: Event) -> None:
        pointer = pointer_of(event)
        if pointer is not None:
            self.announce(pointer)
        self.condition.record(event)
        if self.metrics is not None:
            self.metrics.record(event)
        self._show(event)

    def announce(self, pointer: Pointer) -> None:
        """To runtimes that listen."""
        self.stream.announce(Announcement(self.environment, pointer.sequence, pointer.release))
        if self.hints is not None:
            self.hints.send(pointer.sequence)

    def found(self, diagnostic: Diagnostic) -> None:
        hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
        self.log.say(
            "warning", f"[{diagnostic.code}] {diagnostic.message}{hint}", code=diagnostic.code
        )

    def webhook(self, service: Service, answer: Answer) -> None:
        level = "info" if answer.result in _FINE else "warning"
        message = f"webhook of {service}: {answer.result.value}, {answer.says}"
        self.log.say(level, message, service=service, result=answer.result.value)

    def _show(self, event: Event) -> None:
        if self._output == "json":
            click.echo(event_json(event))
        else:
            show(event.diagnostics, line_reader(tree_of(event)), self._output)
            click.echo(event_text(event, self.environment))
        sys.stdout.flush()


def pointer_of(event: Event) -> Pointer | None:
    """What the environment runs, as far as the event says."""
    match event:
        case Handled(publication=publication):
            return publication.pointer if publication else None
        case Renewed(publication=publication):
            return publication.pointer
        case Trouble():
            return None
        case _:
            assert_never(event)


@contextlib.contextmanager
def served(
    options: FollowOptions, state: Path, publisher: BranchPublisher, teller: Teller
) -> Iterator[None]:
    """The server, the hints and the look at the pointer, as far as they are asked for."""
    hooks = _webhooks(options, state)
    if options.hints is not None and (refused := check_hints_url(options.hints)):
        fail_with(refused)
    with contextlib.ExitStack() as parts:
        if options.listen is not None:
            from handbill.publish.listening import Parts, PublisherServer, listen
            from handbill.publish.metrics import Metrics

            listening = or_fail(listen(options.listen))
            teller.metrics = Metrics(teller.environment)
            server = PublisherServer(
                listening,
                Parts(
                    teller.environment,
                    teller.condition,
                    teller.metrics,
                    teller.stream,
                    hooks,
                    publisher.bell.ring,
                    teller.webhook,
                ),
            )
            parts.callback(server.close)
            teller.log.say("info", f"listening on port {server.port}", port=server.port)
        if options.hints is not None:
            teller.hints = NatsHints(options.hints, teller.environment, teller.found)
            parts.callback(teller.hints.close)
        if options.listen is not None or options.hints is not None:
            watch = PointerWatch(
                lambda: publisher.publisher, teller.announce, teller.condition.store_seen
            )
            watch.start()
            parts.callback(watch.close)
        yield


def _webhooks(options: FollowOptions, state: Path) -> Mapping[Service, Webhook]:
    given: dict[Service, str | None] = {
        "github": options.github_secret,
        "gitlab": options.gitlab_secret,
    }
    wanted = {service: reference for service, reference in given.items() if reference is not None}
    if not wanted:
        return {}
    if options.listen is None:
        raise click.UsageError("a webhook's secret needs --listen HOST:PORT")
    secrets = {service: or_fail(load_secrets(reference)) for service, reference in wanted.items()}
    state.mkdir(parents=True, exist_ok=True)
    deliveries = Deliveries(state / "deliveries")
    return {
        service: Webhook(service, secret, options.branch, deliveries)
        for service, secret in secrets.items()
    }
