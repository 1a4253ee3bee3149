"""One event of the publisher that follows a branch: a line for people, or one line of JSON."""

from __future__ import annotations

from typing import assert_never

from handbill.cli.publication_report import json_line, publication_json, publication_text
from handbill.pipeline import Compiled
from handbill.publish.events import Event, Handled, Renewed, Trouble
from handbill.source.tree import SourceTree


def event_text(event: Event, environment: str) -> str:
    match event:
        case Handled():
            took = (
                f"{event.commit[:12]} in {1000 * (event.compile_seconds + event.publish_seconds):.0f} ms "
                f"({_steps(event)})"
            )
            if event.publication is None:
                return f"{took}: not published, {environment} goes on as it is"
            return f"{took}: {publication_text(event.publication, environment)}"
        case Renewed():
            return publication_text(event.publication, environment)
        case Trouble():
            return f"trying again in {event.retry_seconds:g} s"
        case _:
            assert_never(event)


def event_json(event: Event) -> str:
    """`event` is handled, renewed or trouble; times are milliseconds."""
    match event:
        case Handled():
            body = publication_json(
                event.publication,
                event.diagnostics,
                event="handled",
                commit=event.commit,
                compile_ms=round(1000 * event.compile_seconds, 3),
                publish_ms=round(1000 * event.publish_seconds, 3),
                steps_ms={name: round(1000 * took, 3) for name, took in event.steps.items()},
            )
        case Renewed():
            body = publication_json(event.publication, event.diagnostics, event="renewed")
        case Trouble():
            body = publication_json(
                None, event.diagnostics, event="trouble", retry_seconds=event.retry_seconds
            )
        case _:
            assert_never(event)
    return json_line(body)


def _steps(event: Handled) -> str:
    """What came before, as far as it is known, is not counted in the sum."""
    before = {"noticed": "noticed after", "fetched": "fetched in"}
    parts = [
        f"{word} {1000 * event.steps[name]:.0f}"
        for name, word in before.items()
        if name in event.steps
    ]
    compiled, published = 1000 * event.compile_seconds, 1000 * event.publish_seconds
    return ", ".join((*parts, f"compile {compiled:.0f}", f"publish {published:.0f}"))


def tree_of(event: Event) -> SourceTree | None:
    """The sources that the event's findings point into."""
    compiled = event.compiled if isinstance(event, Handled) else None
    return compiled.tree if isinstance(compiled, Compiled) else None
