"""What a publisher counts, in Prometheus' text format. Names are part of the contract: docs/publisher.md
lists them, and an alert is written against them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import assert_never

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from handbill.publish.events import STEPS, Event, Handled, Renewed, Trouble
from handbill.publish.publication import Outcome, Publication
from handbill.publish.webhook import Result, Service

PREFIX = "handbill_publisher"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SERVED = (Outcome.PUBLISHED, Outcome.UNCHANGED, Outcome.RENEWED)
NOT_COMPILED, NO_ENVIRONMENT = "not compiled", "no environment"


class Metrics:
    def __init__(self, environment: str, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        self._commits = self._counter(
            "commits", "Commits handled, by what came of them.", "outcome"
        )
        self._skipped = self._counter("commits_skipped", "Commits that a later one overtook.")
        self._reviewed = self._counter(
            "reviewed", "Publishes, by whether a review showed the same plans.", "state"
        )
        self._troubles = self._counter("troubles", "What is tried again, by code.", "code")
        self._webhooks = self._counter("webhooks", "Webhooks by result.", "service", "result")
        self._steps = Histogram(
            f"{PREFIX}_step_seconds",
            "How long each step of a commit took.",
            ("step",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._held = self._gauge(
            "held_tenants", "Tenants that keep earlier plans because of errors."
        )
        self._sequence = self._gauge("active_sequence", "Number of the pointer that is active.")
        self._success = self._gauge(
            "last_success_timestamp_seconds", "When the environment last ran the newest commit."
        )
        self._clients = self._gauge("event_stream_clients", "Runtimes that listen to the stream.")
        self._gauge("about", "What is published to.", "environment").labels(environment).set(1)
        for step in STEPS:
            self._steps.labels(step)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", says, labels, registry=self._registry)

    def _gauge(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", says, labels, registry=self._registry)

    def record(self, event: Event) -> None:
        match event:
            case Handled(publication=publication):
                self._commits.labels(outcome_of(event)).inc()
                for step, seconds in event.steps.items():
                    self._steps.labels(step).observe(seconds)
                if publication is not None:
                    self._published(publication)
            case Renewed(publication=publication):
                self._published(publication)
            case Trouble(diagnostic=diagnostic):
                self._troubles.labels(diagnostic.code).inc()
            case _:
                assert_never(event)

    def webhook(self, service: Service, result: Result) -> None:
        self._webhooks.labels(service, result.value).inc()

    def text(self, clients: int) -> bytes:
        self._clients.set(clients)
        return generate_latest(self._registry)

    def _published(self, publication: Publication) -> None:
        pointer = publication.pointer
        if pointer is None:
            return
        self._held.set(len(pointer.held))
        self._sequence.set(pointer.sequence)
        if publication.outcome in _SERVED:
            self._success.set(self._clock())
        if publication.outcome is Outcome.PUBLISHED:
            self._skipped.inc(len(pointer.skipped))
            if pointer.reviewed is not None:
                self._reviewed.labels(pointer.reviewed.state).inc()


def outcome_of(event: Handled) -> str:
    """One word for what came of a commit."""
    if event.publication is not None:
        return event.publication.outcome.value
    compiled = event.compiled
    return NOT_COMPILED if compiled is None or compiled.release is None else NO_ENVIRONMENT
