from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sample_release import compiled, environment

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.model import Environment
from handbill.plan.pointer import Held, Pointer, Reviewed
from handbill.publish.events import Compiled, Handled, Renewed, Trouble
from handbill.publish.metrics import Metrics, outcome_of
from handbill.publish.publication import Outcome, Publication
from handbill.publish.webhook import Result

POINTER = Pointer(
    environment="production",
    environment_digest="e",
    sequence=7,
    release="r",
    commit="c",
    compiler="0",
    issued="2026-12-05T10:00:00Z",
    expires="2027-01-05T10:00:00Z",
    held=(Held(tenant="fresh", since="a"),),
    skipped=("a", "b"),
    reviewed=Reviewed(state="same"),
)


class Made:
    release = compiled({"fresh": "A"})
    environments: Mapping[str, Environment] = MappingProxyType({"production": environment()})
    diagnostics: tuple[Diagnostic, ...] = ()


def handled(compiled: Compiled | None, publication: Publication | None) -> Handled:
    return Handled(
        "c" * 40, compiled, publication, (), 0.1, 0.1, {"compiled": 0.03, "pointer": 0.004}
    )


def test_what_is_counted() -> None:
    metrics = Metrics("production", lambda: 1_800_000_000.0)
    text = metrics.text(0).decode()
    assert 'step_seconds_count{step="packs"} 0.0' in text, "all steps are there from the start"
    metrics.record(handled(Made(), Publication(Outcome.PUBLISHED, POINTER)))
    metrics.record(handled(Made(), Publication(Outcome.REFUSED, POINTER)))
    metrics.record(Trouble(Diagnostic("HB802", "full"), 1.0))
    metrics.webhook("github", Result.ACCEPTED)
    lines = metrics.text(5).decode().splitlines()
    for line in (
        'about{environment="production"} 1.0',
        'commits_total{outcome="published"} 1.0',
        'commits_total{outcome="refused"} 1.0',
        "commits_skipped_total 2.0",
        'reviewed_total{state="same"} 1.0',
        'step_seconds_count{step="compiled"} 2.0',
        'step_seconds_bucket{le="0.005",step="pointer"} 2.0',
        'troubles_total{code="HB802"} 1.0',
        "held_tenants 1.0",
        "active_sequence 7.0",
        "last_success_timestamp_seconds 1.8e+09",
        "event_stream_clients 5.0",
    ):
        assert f"handbill_publisher_{line}" in lines


def test_a_refusal_is_no_success_and_a_renewal_is() -> None:
    metrics = Metrics("production", lambda: 1_800_000_000.0)
    metrics.record(handled(Made(), Publication(Outcome.REFUSED, POINTER)))
    metrics.record(handled(None, Publication(Outcome.REFUSED, None)))
    assert b"last_success_timestamp_seconds 0.0" in metrics.text(0)
    metrics.record(Renewed(Publication(Outcome.RENEWED, POINTER)))
    assert b"last_success_timestamp_seconds 1.8e+09" in metrics.text(0)


def test_one_word_for_what_came_of_a_commit() -> None:
    broken = Made()
    broken.release = None  # type: ignore[assignment]
    assert outcome_of(handled(None, None)) == "not compiled"
    assert outcome_of(handled(broken, None)) == "not compiled"
    assert outcome_of(handled(Made(), None)) == "no environment"
