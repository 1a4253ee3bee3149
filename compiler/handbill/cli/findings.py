"""Everything that `handbill check` finds in a configuration, stage by stage."""

from __future__ import annotations

from collections.abc import Callable

from handbill.assertions.check import check_tests
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.reasoning.proving import prove
from handbill.language.reasoning.reasoner import Reasoner
from handbill.pipeline import Compiled
from handbill.policy.check import check_policies
from handbill.policy.check_reach import check_reach
from handbill.publish.ring_names import check_ring_names


def findings_of(
    compiled: Compiled, concerns: Callable[[str], bool] | None = None
) -> tuple[Diagnostic, ...]:
    """The compiler's own, then what tests, proofs, policies, clocks and rings say of what it compiled.

    With `concerns` nothing is proved or asked about files of which it says no.
    """
    return (
        *compiled.diagnostics,
        *check_tests(compiled),
        *_proved(compiled, concerns),
        *check_policies(compiled, concerns),
        *check_reach(compiled, concerns),
        *check_ring_names(compiled, concerns),
    )


def _proved(compiled: Compiled, concerns: Callable[[str], bool] | None) -> tuple[Diagnostic, ...]:
    """What can be proved of the campaigns that compile: audiences without anybody, and the like."""
    if compiled.release is None:
        return ()
    with Reasoner() as reasoner:
        return prove(compiled.release.claims, reasoner, concerns=concerns)
