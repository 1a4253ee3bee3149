"""A configuration at a git revision: one `ls-tree`, then every document in one `cat-file` stream.

Hardened: local repositories only, nothing is fetched, replace refs are ignored, no option can come
from data, and only regular files are read. Working trees and hooks are never touched. GitPython is
imported when first used.
"""

from __future__ import annotations

import os
import pathlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source import admission
from handbill.source.git_objects import OtherKind, TooLarge, Wanted, entry_names, read_objects
from handbill.source.layout import DocumentKind, classify, is_readable_root
from handbill.source.misplaced import check_layout
from handbill.source.narrowed import TENANTS, others
from handbill.source.tree import SourceTree

if TYPE_CHECKING:
    import git

REVISION = re.compile(r"[\w@][\w.,/@{}~^+#=%-]{0,199}\Z")
_TREE_LIMIT = 64 * admission.MIB
HARDENED = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
}
"""Laid over the environment of every git process that Handbill starts."""

Result = tuple[SourceTree | None, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    kind: str
    object_id: str
    path: str


@dataclass(frozen=True, slots=True)
class GitTree:
    """A SourceTree over one commit. Documents are in memory; assets are read when asked for."""

    revision: str
    paths: tuple[str, ...]
    refused: tuple[str, ...]
    _blobs: Mapping[str, str]
    _bytes: Mapping[str, bytes]
    _git: git.Git

    def read(self, path: str) -> bytes:
        if path in self._bytes:
            return self._bytes[path]
        data: bytes = self._git.cat_file(
            "blob", self._blobs[path], stdout_as_string=False, strip_newline_in_stdout=False
        )
        return data

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
    _git: git.Git


def resolve_folder(
    repository: pathlib.Path, revision: str, subfolder: str = ""
) -> Opened | Diagnostic:
    """The folder, or why there is none."""
    if not REVISION.match(revision):
        return _bad_revision(revision)
    opened = open_repository(repository)
    if isinstance(opened, Diagnostic):
        return opened
    repo, inner = opened
    folder = "/".join(part for part in (inner, subfolder.strip("/")) if part)
    return _resolved(repo.git, revision, folder)


def open_opened(opened: Opened, tenants: Collection[str] | None = None) -> Result:
    """Reads it; with `tenants` without the folders of all others."""
    import git

    try:
        entries = _entries(opened._git, opened.root, tenants)
    except git.CommandError:
        return None, (_no_folder(opened.revision, opened.folder),)
    return _read_tree(opened._git, opened.commit, opened.root, entries)


def tenant_folders(opened: Opened) -> dict[str, str] | None:
    """Tenant → the id of its folder's tree; None where any is none that could be passed over."""
    import git

    try:
        top = _listed(opened._git, "--full-tree", opened.root)
        shelf = next((each for each in top if each.path == TENANTS), None)
        inside = _listed(opened._git, "--full-tree", shelf.object_id) if shelf else ()
    except git.CommandError:
        return None
    folders = {each.path: each.object_id for each in inside if each.kind == "tree"}
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


def _resolved(command: git.Git, revision: str, folder: str) -> Opened | Diagnostic:
    import git

    try:
        commit = command.rev_parse("--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except git.CommandError as error:
        return _cannot_resolve(revision, error)
    try:
        root = command.rev_parse("--verify", "--quiet", f"{commit}:{folder}").strip()
    except git.CommandError:
        return _no_folder(revision, folder)
    return Opened(commit, root, folder, revision, command)


def _entries(command: git.Git, root: str, tenants: Collection[str] | None) -> tuple[_Entry, ...]:
    """All that stands below the tree `root`, but for the folders of tenants that are passed over."""
    if tenants is not None and len(tenants) <= _MANY:
        wanted = _wanted_paths(command, root, tenants)
        if wanted is not None:
            return _listed(command, "-r", "-t", "--full-tree", root, "--", *wanted)
    below = _listed(command, "-r", "-t", "--full-tree", root)
    folders = [entry.path.partition("/")[2] for entry in below if _is_tenant(entry)]
    left_out = {f"{TENANTS}/{name}" for name in others(folders, tenants)}
    if not left_out:
        return below
    return tuple(entry for entry in below if "/".join(entry.path.split("/", 2)[:2]) not in left_out)


def _wanted_paths(command: git.Git, root: str, tenants: Collection[str]) -> tuple[str, ...] | None:
    """What to list; None where a name is so odd that it cannot be asked for."""
    top = _listed(command, "--full-tree", root)
    shelf = next((each for each in top if each.path == TENANTS and each.kind == "tree"), None)
    inside = _listed(command, "--full-tree", shelf.object_id) if shelf else ()
    for entries in (top, inside):
        names = Counter(each.path for each in entries)
        if any(admission.odd_name(name, name, times) for name, times in names.items()):
            return None
    left_out = set(others([each.path for each in inside if each.kind == "tree"], tenants))
    wanted = [each.path for each in top if each is not shelf]
    wanted += [f"{TENANTS}/{each.path}" for each in inside if each.path not in left_out]
    return tuple(wanted) or None


_MANY = 100
"""From so many tenants on, listing everything is cheaper, and no command line becomes too long."""


def _is_tenant(entry: _Entry) -> bool:
    folder, _, name = entry.path.partition("/")
    return entry.kind == "tree" and folder == TENANTS and bool(name) and "/" not in name


def _listed(command: git.Git, *arguments: str) -> tuple[_Entry, ...]:
    listing: bytes = command.ls_tree(
        "-z", *arguments, stdout_as_string=False, strip_newline_in_stdout=False
    )
    return tuple(_parse_listing(listing))


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


def _parse_listing(listing: bytes) -> Iterator[_Entry]:
    """Entries of `ls-tree -r -t -z`: `MODE TYPE OBJECT<tab>PATH<nul>`."""
    for record in listing.split(b"\0"):
        head, tab, path = record.partition(b"\t")
        if tab:
            mode, kind, object_id = head.decode("ascii").split(" ")
            yield _Entry(mode, kind, object_id, path.decode("utf-8", "surrogateescape"))


def _read_tree(command: git.Git, commit: str, root: str, entries: tuple[_Entry, ...]) -> Result:
    odd, sound = _odd_names(command, root, entries)
    found: list[Diagnostic] = list(odd.values())
    blobs: dict[str, str] = {}
    for entry in sound:
        if entry.kind == "tree":
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
    contents, refusals = _read_documents(command, read)
    found.extend(refusals)
    left_out = {refusal.range.file for refusal in refusals if refusal.range}
    paths = tuple(sorted(path for path in read if path not in left_out))
    below_odd = {entry.path for entry in entries} - {entry.path for entry in sound}
    kept_out = tuple(sorted({*admission.refused_paths(found), *below_odd}))
    return GitTree(commit, paths, kept_out, read, contents, command), tuple(found)


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
    command: git.Git, root: str, entries: tuple[_Entry, ...]
) -> tuple[dict[str, Diagnostic], tuple[_Entry, ...]]:
    """Paths that no checkout could have made, and the entries that stand neither at nor below one.

    `ls-tree` joins names with `/`, so what a name itself is can only be seen in the trees.
    """
    folders = {"": root} | {
        entry.path: entry.object_id
        for entry in entries
        if entry.kind == "tree" and is_readable_root(entry.path)
    }
    wanted = [Wanted(each, "tree", _TREE_LIMIT) for each in dict.fromkeys(folders.values())]
    names = {
        tree.object_id: Counter(entry_names(answer, len(tree.object_id) // 2))
        for tree, answer in zip(wanted, read_objects(command, wanted), strict=True)
        if isinstance(answer, bytes)
    }
    found: dict[str, Diagnostic] = {}
    for folder, object_id in folders.items():
        for name, times in names.get(object_id, {}).items():
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
    command: git.Git, blobs: Mapping[str, str]
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """The bytes of everything but assets."""
    wanted: dict[str, Wanted] = {}
    for path in sorted(blobs):
        place = classify(path)
        if place and place.kind is not DocumentKind.ASSET:
            wanted[path] = Wanted(blobs[path], "blob", admission.size_limit(place))
    contents: dict[str, bytes] = {}
    refused: list[Diagnostic] = []
    answers = read_objects(command, tuple(wanted.values()))
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
