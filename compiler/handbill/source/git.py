"""A configuration at a git revision: a walk over its trees, then every document in one stream.

Hardened: local repositories only, nothing is fetched, replace refs are ignored, no option can come
from data, and only regular files are read. Working trees and hooks are never touched. GitPython is
imported when first used; a `Repository` that is kept starts nothing for the next commit.
"""

from __future__ import annotations

import errno
import os
import pathlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source import admission
from handbill.source.git_objects import OtherKind, TooLarge, Wanted
from handbill.source.layout import DocumentKind, classify, is_readable_root
from handbill.source.misplaced import check_layout
from handbill.source.narrowed import TENANTS, others
from handbill.source.object_process import MissingTree, ObjectProcess
from handbill.source.tree import SourceTree

if TYPE_CHECKING:
    import git

REVISION = re.compile(r"[\w@][\w.,/@{}~^+#=%-]{0,199}\Z")
_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
HARDENED = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
}
"""Laid over the environment of every git process that Handbill starts."""

_ASSET_LIMIT = 64 * admission.MIB
Result = tuple[SourceTree | None, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    object_id: str
    path: str

    @property
    def is_tree(self) -> bool:
        return self.mode == "040000"


@dataclass(frozen=True, slots=True)
class GitTree:
    """A SourceTree over one commit. Documents are in memory; assets are read when asked for."""

    revision: str
    paths: tuple[str, ...]
    refused: tuple[str, ...]
    _blobs: Mapping[str, str]
    _bytes: Mapping[str, bytes]
    _objects: ObjectProcess

    def read(self, path: str) -> bytes:
        if path in self._bytes:
            return self._bytes[path]
        answer = self._objects.blob(self._blobs[path], _ASSET_LIMIT)
        if not isinstance(answer, bytes):
            raise OSError(errno.EIO, "git cannot read this file", path)
        return answer

    def blob_id(self, path: str) -> str:
        return self._blobs[path]


def open_revision(
    repository: pathlib.Path,
    revision: str,
    subfolder: str = "",
    tenants: Collection[str] | None = None,
) -> Result:
    """The configuration in `repository` (or in its `subfolder`) at a branch, tag or commit.

    `repository` may be bare, and may itself be a folder inside a work tree. No tree is returned
    when the revision cannot be read at all; otherwise the tree leaves out what the diagnostics
    refuse. With `tenants` the folders of all others are passed over, as if they were not there.
    """
    opened = resolve_folder(repository, revision, subfolder)
    if isinstance(opened, Diagnostic):
        return None, (opened,)
    return open_opened(opened, tenants)


@dataclass(frozen=True, slots=True)
class Opened:
    """A configuration's folder in a commit, not yet read. `root` is the id of its tree."""

    commit: str
    root: str
    folder: str
    revision: str
    objects: ObjectProcess

    @property
    def shared_id(self) -> str | None:
        """Equal for two commits of one repository whose folders differ at most in what stands below
        `tenants/`; None where that cannot be said."""
        try:
            top = self.objects.tree(self.root)
        except MissingTree:
            return None
        return "\n".join(
            f"{each.mode} {'' if each.name == TENANTS and each.is_tree else each.object_id} {each.name}"
            for each in top
        )


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that is looked at again and again. `inner` is where in it the asked folder is."""

    inner: str
    objects: ObjectProcess
    _git: git.Git

    def folder(self, revision: str, subfolder: str = "") -> Opened | Diagnostic:
        """The folder in a revision, or why there is none."""
        if not REVISION.match(revision):
            return _bad_revision(revision)
        folder = "/".join(part for part in (self.inner, subfolder.strip("/")) if part)
        if _FULL_ID.match(revision) and (root := self._root(revision, folder)):
            return Opened(revision, root, folder, revision, self.objects)
        return _resolved(self, revision, folder)

    def _root(self, commit: str, folder: str) -> str | None:
        """Read by itself; None where git has to say what is wrong."""
        found = self.objects.tree_of_commit(commit)
        for part in folder.split("/") if folder else ():
            try:
                entries = self.objects.tree(found) if found else ()
            except MissingTree:
                return None
            found = next((e.object_id for e in entries if e.name == part and e.is_tree), None)
        return found


def open_kept(repository: pathlib.Path) -> Repository | Diagnostic:
    """The repository, for any number of looks at it."""
    opened = open_repository(repository)
    if isinstance(opened, Diagnostic):
        return opened
    repo, inner = opened
    environment = {**os.environ, **repo.git.environment()}
    return Repository(inner, ObjectProcess(environment), repo.git)


def resolve_folder(
    repository: pathlib.Path, revision: str, subfolder: str = ""
) -> Opened | Diagnostic:
    """The folder, or why there is none."""
    if not REVISION.match(revision):
        return _bad_revision(revision)
    opened = open_kept(repository)
    return opened if isinstance(opened, Diagnostic) else opened.folder(revision, subfolder)


def open_opened(opened: Opened, tenants: Collection[str] | None = None) -> Result:
    """Reads it; with `tenants` without the folders of all others."""
    try:
        entries = tuple(_entries(opened.objects, opened.root, tenants))
    except MissingTree:
        return None, (_no_folder(opened.revision, opened.folder),)
    return _read_tree(opened.objects, opened.commit, opened.root, entries)


def tenant_folders(opened: Opened) -> dict[str, str] | None:
    """Tenant → the id of its folder's tree; None where any is none that could be passed over."""
    try:
        top = opened.objects.tree(opened.root)
        shelf = next((each for each in top if each.name == TENANTS), None)
        inside = opened.objects.tree(shelf.object_id) if shelf else ()
    except MissingTree:
        return None
    folders = {each.name: each.object_id for each in inside if each.is_tree}
    if len(others(folders, ())) < len(inside):
        return None
    return folders


def _bad_revision(revision: str) -> Diagnostic:
    return Diagnostic(
        "HB102",
        f"`{admission.printable(revision)}` is not a revision",
        hint="name a branch, a tag or a commit, such as main or HEAD~1",
    )


def open_repository(repository: pathlib.Path) -> tuple[git.Repo, str] | Diagnostic:
    """The repository, hardened, and where `repository` stands in its work tree ("" at its top)."""
    try:
        import git
    except ImportError:  # GitPython's way to say that there is no git
        return Diagnostic(
            "HB101",
            "there is no git on this computer",
            hint="install git, or check the folder itself without --rev",
        )
    try:
        repo = git.Repo(repository, search_parent_directories=True, expand_vars=False)
        top = repo.working_tree_dir
        git_dir = os.path.abspath(repo.git_dir)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError, git.GitError, OSError, ValueError):
        return Diagnostic(
            "HB101",
            f"{admission.printable(str(repository))} is not a git repository",
            hint="run `git init` and commit, or check the folder itself without --rev",
        )
    repo.git.update_environment(**HARDENED, GIT_DIR=git_dir)
    return repo, _inside(repository, top)


def _inside(repository: pathlib.Path, top: str | os.PathLike[str] | None) -> str:
    """Where `repository` stands in the work tree that it is a folder of: "" at its top."""
    if top is None:
        return ""
    inner = os.path.relpath(os.path.realpath(repository), os.path.realpath(top))
    return "" if inner == "." or inner.startswith("..") else pathlib.Path(inner).as_posix()


def _resolved(repository: Repository, revision: str, folder: str) -> Opened | Diagnostic:
    import git

    command = repository._git
    try:
        commit = command.rev_parse("--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except git.CommandError as error:
        return _cannot_resolve(revision, error)
    try:
        root = command.rev_parse("--verify", "--quiet", f"{commit}:{folder}").strip()
    except git.CommandError:
        return _no_folder(revision, folder)
    return Opened(commit, root, folder, revision, repository.objects)


def _entries(
    objects: ObjectProcess, root: str, tenants: Collection[str] | None
) -> Iterator[_Entry]:
    """All that stands below the tree `root`, but for the folders of tenants that are passed over."""
    for entry in _below(objects, root, ""):
        if not (entry.path == TENANTS and entry.is_tree):
            yield entry
            if entry.is_tree:
                yield from _walk(objects, entry)
            continue
        yield entry
        inside = tuple(_below(objects, entry.object_id, f"{TENANTS}/"))
        folders = [each.path.partition("/")[2] for each in inside if each.is_tree]
        left_out = {f"{TENANTS}/{name}" for name in others(folders, tenants)}
        for each in inside:
            if each.path in left_out:
                continue
            yield each
            if each.is_tree:
                yield from _walk(objects, each)


def _walk(objects: ObjectProcess, folder: _Entry) -> Iterator[_Entry]:
    for entry in _below(objects, folder.object_id, f"{folder.path}/"):
        yield entry
        if entry.is_tree:
            yield from _walk(objects, entry)


def _below(objects: ObjectProcess, tree: str, prefix: str) -> Iterator[_Entry]:
    for each in objects.tree(tree):
        yield _Entry(each.mode, each.object_id, prefix + each.name)


def _cannot_resolve(revision: str, error: git.CommandError) -> Diagnostic:
    reason = str(error.stderr)
    if "dubious ownership" in reason:
        return Diagnostic(
            "HB101",
            "git does not trust this repository, because another user owns it",
            hint="git config --global --add safe.directory PATH",
        )
    return Diagnostic(
        "HB103",
        f"there is no revision `{revision}` in this repository",
        hint="`git branch` and `git tag` list what there is; a shallow clone may lack old commits",
    )


def _no_folder(revision: str, folder: str) -> Diagnostic:
    return Diagnostic(
        "HB104",
        f"`{revision}` has no folder {admission.printable(folder) or '/'}, or it cannot be read",
        hint="name the folder that holds handbill.yaml",
    )


def _read_tree(
    objects: ObjectProcess, commit: str, root: str, entries: tuple[_Entry, ...]
) -> Result:
    odd, sound = _odd_names(objects, root, entries)
    found: list[Diagnostic] = list(odd.values())
    blobs: dict[str, str] = {}
    for entry in sound:
        if entry.is_tree:
            continue
        if not is_readable_root(entry.path):
            blobs[entry.path] = entry.object_id
        elif refused := _refuse(entry):
            found.append(refused)
        else:
            blobs[entry.path] = entry.object_id
    found.extend(admission.find_collisions(path for path in blobs if is_readable_root(path)))
    found.extend(check_layout(blobs.keys()))
    read = {path: object_id for path, object_id in blobs.items() if classify(path)}
    contents, refusals = _read_documents(objects, read)
    found.extend(refusals)
    left_out = {refusal.range.file for refusal in refusals if refusal.range}
    paths = tuple(sorted(path for path in read if path not in left_out))
    below_odd = {entry.path for entry in entries} - {entry.path for entry in sound}
    kept_out = tuple(sorted({*admission.refused_paths(found), *below_odd}))
    return GitTree(commit, paths, kept_out, read, contents, objects), tuple(found)


def _refuse(entry: _Entry) -> Diagnostic | None:
    match entry.mode:
        case "120000":
            return admission.symlink(entry.path)
        case "100644" | "100755":
            return admission.odd_path(entry.path)
        case _:
            return admission.refuse(
                "HB106",
                entry.path,
                "this is a submodule, and Handbill reads one repository only",
                "remove the submodule and commit its files",
            )


def _odd_names(
    objects: ObjectProcess, root: str, entries: tuple[_Entry, ...]
) -> tuple[dict[str, Diagnostic], tuple[_Entry, ...]]:
    """Paths that no checkout could have made, and the entries that stand neither at nor below one.

    A path is names joined with `/`, so what a name itself is can only be seen in the trees.
    """
    folders = {"": root} | {
        entry.path: entry.object_id
        for entry in entries
        if entry.is_tree and is_readable_root(entry.path)
    }
    found: dict[str, Diagnostic] = {}
    for folder, object_id in folders.items():
        for name, times in Counter(each.name for each in objects.tree(object_id)).items():
            path = f"{folder}/{name}" if folder else name
            odd = admission.odd_name(path, name, times) if is_readable_root(path) else None
            if odd:
                found[path] = odd
    if not found:
        return found, entries
    return found, tuple(entry for entry in entries if not _stands_below(entry.path, found))


def _stands_below(path: str, odd: Collection[str]) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in odd)


def _read_documents(
    objects: ObjectProcess, blobs: Mapping[str, str]
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The bytes of everything but assets."""
    wanted: dict[str, Wanted] = {}
    for path in sorted(blobs):
        place = classify(path)
        if place and place.kind is not DocumentKind.ASSET:
            wanted[path] = Wanted(blobs[path], "blob", admission.size_limit(place))
    contents: dict[str, bytes] = {}
    refused: list[Diagnostic] = []
    answers = objects.read(tuple(wanted.values()))
    for (path, asked), answer in zip(wanted.items(), answers, strict=True):
        match answer:
            case bytes():
                contents[path] = answer
            case None:
                refused.append(_unreadable(path))
            case TooLarge(size=size):
                refused.append(admission.too_large(path, size, asked.limit))
            case OtherKind(kind=kind):
                refused.append(_other_kind(path, kind))
    return contents, tuple(refused)


def _other_kind(path: str, kind: str) -> Diagnostic:
    return admission.refuse(
        "HB106",
        path,
        f"git lists this as a file, but what it holds there is a {kind}",
        "remove it from git and commit the file itself; `git fsck` finds what else is damaged",
    )


def _unreadable(path: str) -> Diagnostic:
    return admission.refuse(
        "HB111",
        path,
        "git lists this file but its content is not in this repository",
        "fetch it (`git fetch --refetch`); Handbill itself never talks to a remote",
    )
