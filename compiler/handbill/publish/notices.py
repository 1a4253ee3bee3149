"""What a publish tells its reader besides what it did."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.plan.model import Digest, Release
from handbill.plan.pointer import Held, Pointer
from handbill.publish.publisher import Publisher
from handbill.store.release import StoredRelease


def superseded(commit: str, active: Pointer) -> Diagnostic:
    return Diagnostic(
        "HB823",
        f"`{active.environment}` already runs {active.commit[:12]}, which came after {commit[:12]}",
        hint=f"to go back, use `handbill rollback --env {active.environment}`",
    )


def withdrawn_commit(commit: str, active: Pointer) -> Diagnostic:
    return Diagnostic(
        "HB827",
        f"a rollback (number {active.sequence}) took back what commit {commit[:12]} would publish, "
        "so it is not published again by itself",
        severity=Severity.WARNING,
        hint="commit what corrects it; or, to have it back as it is, "
        f"`handbill publish --env {active.environment}`",
    )


def held_tenant(held: Held) -> Diagnostic:
    return Diagnostic(
        "HB825",
        f"`{held.tenant}` is held: it has errors since {held.since[:12]} "
        "and keeps what it last published",
        severity=Severity.WARNING,
        tenant=held.tenant,
        hint=f"correct the errors of tenants/{held.tenant}; it is published again with the next commit",
    )


def left_out(tenant: str) -> Diagnostic:
    return Diagnostic(
        "HB826",
        f"`{tenant}` is left out: it has errors, and there is nothing earlier of it to keep",
        severity=Severity.WARNING,
        tenant=tenant,
        hint=f"correct the errors of tenants/{tenant}",
    )


def outdated(tenant: str) -> Diagnostic:
    return Diagnostic(
        "HB829",
        f"`{tenant}` is left out: it has errors, and what it last published was made by another "
        "version of Handbill",
        severity=Severity.WARNING,
        tenant=tenant,
        notes=("runtimes of this version cannot run it; the other tenants are published",),
        hint=f"correct the errors of tenants/{tenant}; it is published again with the next commit",
    )


def cannot_carry(failed: Collection[str]) -> Diagnostic:
    names = ", ".join(f"`{name}`" for name in sorted(failed))
    return Diagnostic(
        "HB828",
        f"{names} cannot be held: what was last published cannot be read from the store",
        notes=("publishing now would take these tenants down",),
        hint="correct their errors and publish again, or restore the store from a copy",
    )


def nothing_to_publish(commit: str, previous: StoredRelease | None) -> Diagnostic:
    running = f": {', '.join(sorted(previous.release.tenants))}" if previous else ""
    note = (f"the environment goes on as it is{running}",) if previous else ()
    return Diagnostic(
        "HB824",
        f"commit {commit[:12]} has no tenant that could be published",
        notes=note,
        hint="correct the errors above, or see that --repo is the folder with `tenants/`",
    )


def never_published(environment: str) -> Diagnostic:
    return Diagnostic(
        "HB810",
        f"nothing was ever published to `{environment}`",
        hint=f"handbill publish --env {environment}",
    )


def no_earlier_release(active: Pointer) -> Diagnostic:
    return Diagnostic(
        "HB840",
        f"`{active.environment}` ran no other release before the one that it runs now",
        hint="`handbill history` lists the later ones, if any: name one with --to; "
        "or correct the configuration and publish it",
    )


def environment_apart(active: Pointer, partial: bool, unbound: Sequence[Diagnostic]) -> Diagnostic:
    """`unbound` says who could not send: with the new environment, or, of a part, with the old one."""
    name = active.environment
    if partial:
        message = (
            f"these tenants cannot go out alone: they need the change of environments/{name}.yaml"
        )
    else:
        message = f"environments/{name}.yaml takes away what tenants still send by whom no ring has reached"
    return Diagnostic(
        "HB845",
        message,
        notes=(*(each.message for each in unbound[:3]), "everybody goes on with what they run"),
        hint="change the environment first so that both can send, and take away the old after the "
        "rollout; or handbill publish --at-once --reason TEXT",
    )


def new_environment(publisher: Publisher, digest: Digest, release: Release) -> Diagnostic:
    name, count = publisher.environment, len(release.tenants)
    return Diagnostic(
        "HB847",
        f"nothing was ever published to `{name}` in {publisher.store.url}",
        notes=(
            f"this would be its first release: {digest}, {count} tenant{'s' * (count != 1)}",
            f"`handbill diff store:{name} REV` lists what is in it",
        ),
        hint=f"see that this is the right store, then add --first {digest}",
    )


def no_rollout(active: Pointer) -> Diagnostic:
    rollout = active.rollout
    name, number = active.environment, active.sequence
    if rollout is not None and rollout.stopped:
        message = f"the rollout in `{name}` was stopped with number {number}: {rollout.stopped}"
        hint = "commit what corrects it: rings begin anew"
    elif rollout is not None:
        message = f"the rollout in `{name}` has reached everybody"
        hint = f"to take it back: handbill rollback --env {name} --reason TEXT"
    else:
        message = f"no rollout is under way in `{name}`: everybody runs number {number}"
        hint = f"`rollout` in environments/{name}.yaml brings changes out in rings"
    return Diagnostic("HB848", message, hint=hint)


def unknown_environment(name: str, known: Collection[str]) -> Diagnostic:
    have = ", ".join(f"`{known_name}`" for known_name in sorted(known)) or "none"
    return Diagnostic(
        "HB822",
        f"this commit has no environment `{name}`, or it has errors",
        notes=(f"environments that can be used: {have}",),
        hint=f"write environments/{name}.yaml, or name another with --env",
    )


def compiler_failed(commit: str, reason: str) -> Diagnostic:
    return Diagnostic(
        "HB853",
        f"commit {commit[:12]} cannot be compiled because of a bug in Handbill: {reason}",
        notes=("the environment goes on as it is, and the next commit is awaited",),
        hint=f"run `handbill compile --rev {commit[:12]}` for a report you can send",
    )


def unreadable_commit(commit: str, error: OSError) -> Diagnostic:
    return Diagnostic(
        "HB854",
        f"commit {commit[:12]} is left out: its files cannot be read, however often that is tried: "
        f"{error.strerror or error}",
        notes=("the environment goes on as it is, and the next commit is awaited",),
        hint="look at the publisher's disk and at its copy of the repository (`git fsck`); "
        "the next start tries again",
    )


def rewritten_branch(branch: str, commit: str, before: str) -> Diagnostic:
    return Diagnostic(
        "HB856",
        f"`{branch}` was rewritten: {before[:12]}, which it was at, is not in the history of "
        f"{commit[:12]}",
        severity=Severity.WARNING,
        notes=("what it holds now counts",),
        hint="forbid force pushes to this branch, and find out who made one",
    )
