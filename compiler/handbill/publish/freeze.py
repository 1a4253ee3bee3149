"""Freezes: times in which nothing is published, and what their reader is told.

The freeze that counts is the newest commit's own: an edit that adds one holds back itself and all
that follows, and one that ends it is reviewed as everything is and takes effect when it is merged.
Rollback, `rollout stop` and pause are always allowed.
"""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.lower.bringing_out import Freeze


def frozen(environment: str, freeze: Freeze, published: tuple[str, ...] = ()) -> Diagnostic:
    """The notice; `published` are tenants that the freeze does not hold back."""
    names = ", ".join(f"`{name}`" for name in published)
    return Diagnostic(
        "HB846",
        f"`{environment}` is frozen until {freeze.until}: {freeze.reason}",
        severity=Severity.WARNING,
        notes=(
            f"only {names} is published before"
            if names
            else "everybody goes on with what they run",
            "what is merged meanwhile is published when the freeze ends",
        ),
        hint="what cannot wait: handbill publish --despite-freeze --reason TEXT; "
        "rollback and rollout stop work as always",
    )


def advance_is_frozen(environment: str, freeze: Freeze) -> Diagnostic:
    return Diagnostic(
        "HB846",
        f"`{environment}` is frozen until {freeze.until}: {freeze.reason}",
        notes=("the rollout goes on when the freeze ends",),
        hint="what cannot wait: handbill rollout advance --despite-freeze --reason TEXT",
    )
