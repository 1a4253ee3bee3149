"""What keeps `handbill ci` from beginning, and how it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from handbill.cli.output import fail
from handbill.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from handbill.ci.surroundings import Surroundings

T = TypeVar("T")


def or_fail(value: T | Diagnostic) -> T:
    """The value, unless there is none: then the command ends with why."""
    if isinstance(value, Diagnostic):
        fail_with(value)
    return value


def fail_with(found: Diagnostic) -> NoReturn:
    """Ends the command with exit code 1."""
    fail(found.code, found.message, found.hint)


def no_base() -> Diagnostic:
    return Diagnostic(
        "HB740",
        "nothing says what to compare with: this is neither a pull request nor a push on GitHub",
        hint="handbill ci --base main --head HEAD --out review",
    )


def no_token(around: Surroundings) -> Diagnostic:
    missing = "GITHUB_TOKEN" if not around.token else "GITHUB_REPOSITORY"
    return Diagnostic(
        "HB742",
        f"{missing} is not set, so GitHub cannot be asked or told anything",
        hint="in the workflow: env: GITHUB_TOKEN: ${{ github.token }}, with pull-requests: write",
    )


def refused(why: str) -> Diagnostic:
    return Diagnostic(
        "HB746",
        f"GitHub's API did not do it: {why}",
        hint="see the job's permissions (pull-requests); else run it again later",
    )
