"""What was asked for on the command line → two open sides.

A side is a git revision, a folder that holds handbill.yaml, or an environment of a store. Both are
compiled with one memory, so that what is the same in them costs once. A base that does not compile is
replaced by the last commit before it that did; a retailer with errors there by how it last was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.model import Held
from handbill.diff.revisions import (
    HEAD,
    MERGE_BASE,
    Revision,
    resolve_merge_base,
    resolve_revision,
)
from handbill.diff.sides import OpenSide, open_folder, side_of
from handbill.diff.stored import NEVER_PUBLISHED, StoreAccess, nothing_yet, open_stored
from handbill.incremental.build import Builder
from handbill.pipeline import Compiled, compile_revision
from handbill.plan.model import Release
from handbill.source.git_history import Commits, open_commits
from handbill.source.layout import PLATFORM_FILE
from handbill.source.memory import Memory
from handbill.source.tree import WORKING_TREE

STORE = "store:"
LOOKED_BACK = 20
"""Commits before a base with errors that are tried."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where sides are looked for: `root` holds handbill.yaml, `subfolder` is its place in the git
    repository `repository`. With a `builder` only what changed is compiled, and sides have no claims,
    no resolved tenants and no tests."""

    root: Path
    repository: Path
    subfolder: str = ""
    store: StoreAccess | None = None
    memory: Memory = field(default_factory=Memory)
    builder: Builder | None = None

    def compiled(self, commit: str) -> Compiled:
        """What git holds at a commit."""
        if self.builder is not None:
            return self.builder.revision(self.repository, commit, self.subfolder)
        return compile_revision(self.repository, commit, self.subfolder, self.memory)

    def folder(self, folder: Path, label: str) -> OpenSide:
        """The configuration as it stands in a folder."""
        if self.builder is not None:
            return side_of(label, self.builder.folder(folder))
        return open_folder(folder, label, self.memory)


def open_sides(
    base: str | Revision, head: str | Revision | None, place: Workplace
) -> tuple[OpenSide, OpenSide] | Diagnostic:
    """Both sides, or why there are none. `base` may be `A...B` (or `A...`): from where B left A to B
    (or to the working tree). A Revision is never looked for among folders, which anybody may name.
    A base that nothing was ever published to is an empty one: its first release is reviewed like any
    other. Raises a StoreError where a store fails."""
    first = base
    if head is None and isinstance(base, str) and _is_from_merge_base(base):
        one, _, other = base.partition(MERGE_BASE)
        found = resolve_merge_base(place.repository, one or HEAD, other)
        if isinstance(found, Diagnostic):
            return found
        first, head = found, other or None
    before = open_side(first, place)
    if isinstance(before, Diagnostic) and before.code == NEVER_PUBLISHED:
        before = nothing_yet(str(first))
    if isinstance(before, Diagnostic):
        return before
    after = open_side(head, place)
    if isinstance(after, Diagnostic):
        return after
    if after.about.digest is None:
        return Diagnostic(
            "HB724",
            f"nothing at all can be compiled of {after.about.label}",
            hint="handbill check says why",
        )
    return _last_good(before, place), after


def _is_from_merge_base(base: str) -> bool:
    return MERGE_BASE in base and not base.startswith(STORE)


def open_side(asked: str | Revision | None, place: Workplace) -> OpenSide | Diagnostic:
    """One side; None is the working tree."""
    if asked is None:
        return place.folder(place.root, WORKING_TREE)
    if isinstance(asked, str):
        if asked.startswith(STORE):
            return open_stored(asked, asked.removeprefix(STORE), place.store)
        folder = _folder(asked, place)
        if folder is not None:
            return folder if isinstance(folder, Diagnostic) else place.folder(folder, asked)
        found = resolve_revision(place.repository, asked)
        if isinstance(found, Diagnostic):
            return found
        asked = found
    compiled = place.compiled(asked.commit)
    if compiled.tree is None:
        return compiled.diagnostics[0]
    return side_of(asked.label, compiled)


def _folder(asked: str, place: Workplace) -> Path | Diagnostic | None:
    """A folder that holds handbill.yaml; what can only be a path must be one. A folder never stands in
    for a revision of the same name: a change could bring it along."""
    is_path = asked in (".", "..") or asked.startswith(("/", "./", "../", "~"))
    if asked and _holds_configuration(Path(asked)):
        if is_path or isinstance(resolve_revision(place.repository, asked), Diagnostic):
            return Path(asked)
        return Diagnostic(
            "HB725",
            f"{asked} is both a folder and a revision",
            hint=f"./{asked} for the folder, {asked}~0 for the revision",
        )
    if is_path:
        return Diagnostic(
            "HB725",
            f"{asked} holds no {PLATFORM_FILE}",
            hint="name a folder that does, or a revision",
        )
    return None


def _holds_configuration(folder: Path) -> bool:
    try:
        return (folder / PLATFORM_FILE).is_file()
    except OSError:  # a name that is longer than any file's
        return False


# ── a base with errors ───────────────────────────────────────────────────────────────────────────


def _last_good(side: OpenSide, place: Workplace) -> OpenSide:
    """The base itself, or where it has errors what was there before them."""
    commit = side.about.commit
    if not commit or (side.about.digest is not None and not side.about.failed):
        return side
    commits = open_commits(place.repository)
    if isinstance(commits, Diagnostic):
        return side
    if side.about.digest is None:
        return _commit_before(side, commits, place)
    return _with_held(side, commits, place)


def _commit_before(side: OpenSide, commits: Commits, place: Workplace) -> OpenSide:
    asked = side.about.commit
    for commit in commits.first_parents(asked, LOOKED_BACK):
        older = open_side(Revision(side.about.label, commit), place)
        if isinstance(older, OpenSide) and older.about.digest is not None:
            about = msgspec.structs.replace(older.about, instead_of=asked)
            return _with_held(_replaced(older, about), commits, place)
    return side


def _with_held(side: OpenSide, commits: Commits, place: Workplace) -> OpenSide:
    """The side with each retailer that has errors there as it was at the last commit without."""
    missing, held = set(side.about.failed), []
    tenants, sources = dict(side.release.tenants), []
    older_commits = commits.first_parents(side.about.commit, LOOKED_BACK) if missing else ()
    for commit in older_commits:
        if not missing:
            break
        older = open_side(Revision(side.about.label, commit), place)
        if not isinstance(older, OpenSide):
            continue
        sound = sorted(missing & older.release.tenants.keys())
        tenants |= {name: older.release.tenants[name] for name in sound}
        sources += [(older.release.tenants[name], older.packs) for name in sound]
        held += [Held(tenant=name, commit=commit) for name in sound]
        missing -= set(sound)
    if not held:
        return side
    packs = dict(sources)
    release = Release(format=side.release.format, tenants=tenants, channels=side.release.channels)
    about = msgspec.structs.replace(
        side.about, held=tuple(sorted(held, key=lambda each: each.tenant))
    )
    return OpenSide(
        about,
        release,
        lambda root: (packs.get(root) or side.packs)(root),
        side.drafts,
        side.compiled,
    )


def _replaced(side: OpenSide, about: object) -> OpenSide:
    return OpenSide(about, side.release, side.packs, side.drafts, side.compiled)  # type: ignore[arg-type]
