"""A repository's objects out of one `git cat-file --batch` that stays, so that a look at a commit
costs what has changed since the last look and starts no process.

Trees are remembered, and small blobs up to some bytes: an id never means anything else. A process
that ends in the middle (git dies of a damaged object) is started again behind the object it died of.
A forked process starts its own.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import weakref
from collections.abc import Mapping, Sequence

from handbill.source.git_objects import (
    Answer,
    TooLarge,
    TreeEntry,
    Wanted,
    answers_in_step,
    tree_entries,
)

_AT_ONCE = 256
"""Requests that are written before answers are read: fewer bytes than any pipe holds."""
_TREES = 4_000
_KEPT_BYTES, _SMALL = 16 * 1024 * 1024, 64 * 1024
_TREE_LIMIT = 64 * 1024 * 1024
_COMMIT_LIMIT = 1024 * 1024


class MissingTree(LookupError):
    """A tree is not in the repository, or is none."""


class ObjectProcess:
    """Objects by id. `environment` says which repository, and how git has to behave."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._trees: dict[str, tuple[TreeEntry, ...]] = {}
        self._blobs: dict[str, bytes] = {}
        self._kept = 0

    def read(self, wanted: Sequence[Wanted]) -> list[Answer]:
        """One answer for each of `wanted`, in order."""
        kept = [self._kept_answer(each) for each in wanted]
        missing = [each for each, known in zip(wanted, kept, strict=True) if known is None]
        fresh = iter(self._asked(missing))
        answers = [next(fresh) if known is None else known for known in kept]
        for each, answer in zip(wanted, answers, strict=True):
            if each.kind == "blob" and isinstance(answer, bytes):
                self._keep(each.object_id, answer)
        return answers

    def blob(self, object_id: str, limit: int) -> Answer:
        return self.read([Wanted(object_id, "blob", limit)])[0]

    def tree(self, object_id: str) -> tuple[TreeEntry, ...]:
        """The entries of a tree, in git's order. Raises MissingTree where there is none."""
        if object_id not in self._trees:
            (answer,) = self._asked([Wanted(object_id, "tree", _TREE_LIMIT)])
            if not isinstance(answer, bytes):
                raise MissingTree(object_id)
            try:
                entries = tuple(tree_entries(answer, len(object_id) // 2))
            except ValueError as error:
                raise MissingTree(object_id) from error
            if len(self._trees) >= _TREES:
                self._trees.clear()
            self._trees[object_id] = entries
        return self._trees[object_id]

    def tree_of_commit(self, commit: str) -> str | None:
        """The id of its tree; None where `commit` is no commit's full id."""
        (answer,) = self._asked([Wanted(commit, "commit", _COMMIT_LIMIT)])
        head, _, _ = answer.partition(b"\n") if isinstance(answer, bytes) else (b"", b"", b"")
        return head[5:].decode("ascii", "replace") if head.startswith(b"tree ") else None

    # ── the process ──────────────────────────────────────────────────────────────────────────────

    def _asked(self, wanted: Sequence[Wanted]) -> list[Answer]:
        answers: list[Answer] = []
        with self._lock:
            for start in range(0, len(wanted), _AT_ONCE):
                answers += self._part(wanted[start : start + _AT_ONCE])
        return answers

    def _part(self, wanted: Sequence[Wanted]) -> list[Answer]:
        """Where git ends early, what it was asked last gets one more try in a new process."""
        answers: list[Answer] = []
        tried_again = -1
        while len(answers) < len(wanted):
            left = wanted[len(answers) :]
            got, whole = self._once(left)
            answers += got
            if whole:
                break
            self._end()
            if tried_again == len(answers):
                answers.append(None)
            else:
                tried_again = len(answers)
        return answers

    def _once(self, wanted: Sequence[Wanted]) -> tuple[list[Answer], bool]:
        """The answers up to where the process ended, and whether it did not."""
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write("".join(f"{each.object_id}\n" for each in wanted).encode("ascii"))
            process.stdin.flush()
        except (OSError, ValueError):
            return [], False
        answers = list(answers_in_step(process.stdout, wanted))
        return answers, len(answers) == len(wanted)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid():
            self._process = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owner = os.getpid()
            weakref.finalize(self, _ended, self._process)
        return self._process

    def _end(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            _ended(self._process)
        self._process = None

    def _kept_answer(self, wanted: Wanted) -> bytes | TooLarge | None:
        data = self._blobs.get(wanted.object_id) if wanted.kind == "blob" else None
        if data is None or len(data) <= wanted.limit:
            return data
        return TooLarge(len(data))

    def _keep(self, object_id: str, data: bytes) -> None:
        if object_id in self._blobs or len(data) > _SMALL:
            return
        if self._kept + len(data) > _KEPT_BYTES:
            self._blobs.clear()
            self._kept = 0
        self._blobs[object_id] = data
        self._kept += len(data)


def _ended(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.close()
    with contextlib.suppress(OSError):
        process.wait()
