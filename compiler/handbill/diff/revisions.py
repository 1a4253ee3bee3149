"""Which commits `BASE [HEAD]` and `BASE...HEAD` mean, and what to say where they mean none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.source.admission import printable
from handbill.source.git_history import Commits, may_name_commits, open_commits

MERGE_BASE = "..."
_STEPS = re.compile(r"[~^]|@\{")
"""What leads from a name to another commit: `main~2`."""
HEAD = "HEAD"


@dataclass(frozen=True, slots=True)
class Revision:
    """`label` is what was asked for, `commit` its full id."""

    label: str
    commit: str


def resolve_revision(repository: Path, asked: str) -> Revision | Diagnostic:
    """The commit that a branch, a tag or an abbreviated id stands for."""
    if not may_name_commits(asked):
        return _no_revision(asked)
    commits = open_commits(repository)
    if isinstance(commits, Diagnostic):
        return commits
    commit = commits.resolve(asked)
    return Revision(asked, commit) if commit else _unknown(commits, asked)


def resolve_merge_base(repository: Path, one: str, other: str) -> Revision | Diagnostic:
    """Where `other` left `one`: the base that a pull request is compared with."""
    ends = [resolve_revision(repository, each) for each in (one, other or HEAD)]
    for end in ends:
        if isinstance(end, Diagnostic):
            return end
    commits = open_commits(repository)
    assert isinstance(commits, Commits)
    first, second = (end.commit for end in ends if isinstance(end, Revision))
    found = commits.merge_base(first, second)
    if found is None:
        return _no_merge_base(commits, one, other or HEAD)
    return Revision(f"{one}{MERGE_BASE}{other}", found)


# ── what to say ──────────────────────────────────────────────────────────────────────────────────


def _no_revision(asked: str) -> Diagnostic:
    one, dots, other = asked.partition("..")
    if dots and may_name_commits(one) and may_name_commits(other):
        hint = f"handbill diff {one} {other}, or {one}...{other} from where they parted"
    elif asked.startswith("-"):
        hint = "a revision never begins with `-`; options stand before it, as in --output json"
    else:
        hint = "name a branch, a tag or a commit, such as main, v1 or HEAD~1"
    return Diagnostic("HB720", f"`{printable(asked)}` is not a revision", hint=hint)


def _unknown(commits: Commits, asked: str) -> Diagnostic:
    stem = _STEPS.split(asked)[0]
    near = closest(asked, commits.names()) if stem == asked else None
    if near:
        hint = f"did you mean {near}?"
    elif "@{" in asked:
        hint = "this branch follows none, or it is not that old: name the branch, as in origin/main"
    elif commits.is_shallow():
        hint = "this is a shallow clone: `git fetch --unshallow`, or fetch-depth: 0 in a workflow"
    elif stem != asked and commits.resolve(stem):
        hint = f"{stem} is there, and has no commit that far back; `git log --oneline {stem}`"
    else:
        hint = "`git branch --all` and `git tag` list what there is"
    return Diagnostic("HB721", f"there is no revision `{asked}` in this repository", hint=hint)


def _no_merge_base(commits: Commits, one: str, other: str) -> Diagnostic:
    if commits.is_shallow():
        return Diagnostic(
            "HB722",
            f"where {one} and {other} parted is not in this shallow clone",
            hint="git fetch --deepen=200 (in a workflow: fetch-depth: 0 for actions/checkout)",
        )
    return Diagnostic(
        "HB722",
        f"{one} and {other} have no commit in common",
        hint=f"compare the two as they are: handbill diff {one} {other}",
    )
