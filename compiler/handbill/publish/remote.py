"""A branch of a remote repository, followed in a bare mirror that this publisher alone owns.

One `git fetch` of one branch, when somebody says that it moved and at an interval beneath. What git may
do is fixed here: the protocol of the remote's own URL, no hooks, no tags, no submodules, no questions at
a terminal, an end after a time. Nothing of what is fetched is run, and of the mirror only this branch
ever changes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.branch import Branch, is_branch_name, no_branch_name
from handbill.publish.commits import CommitLog
from handbill.publish.remote_place import RemotePlace
from handbill.source.git import HARDENED

POLL_SECONDS = 30.0
GAP_SECONDS = 0.1
"""Between the starts of two fetches, however often it is said that the branch moved."""
FETCH_SECONDS, CLONE_SECONDS = 60.0, 3600.0
AFTER_HINT = (0.25, 1.0, 4.0)
"""A hint may be ahead of what the remote shows: seconds until further looks where it showed nothing."""
_STOP_CHECK = 0.5
_OF_EVERY_FAILURE = (
    "fatal: Could not read from remote repository.",
    "Please make sure you have the correct access rights",
    "and the repository exists.",
)
"""What git adds whatever the cause, which stands before it."""
_KEPT_SETTINGS = (
    *("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS", "GIT_SSL_CAINFO"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_HTTP_USER_AGENT"),
)
_CONFIG = (
    *("core.hooksPath=/dev/null", "core.fsmonitor=false", "submodule.recurse=false"),
    *("gc.auto=0", "maintenance.auto=false", "protocol.version=2", "fetch.recurseSubmodules=false"),
    *("http.lowSpeedLimit=1000", "http.lowSpeedTime=20", "credential.interactive=false"),
)


class FetchFailed(Exception):
    """The remote cannot be fetched from now; `diagnostic` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass
class RemoteBranch:
    """What BranchPublisher follows. Made by `open_remote`."""

    place: RemotePlace
    branch: Branch
    poll: float = POLL_SECONDS
    _lock: int = -1
    _due: float = field(default=0.0, init=False)
    _last: float = field(default=float("-inf"), init=False)
    _further: tuple[float, ...] = field(default=(), init=False)

    @property
    def repository(self) -> Path:
        return self.branch.repository

    @property
    def name(self) -> str:
        return self.branch.name

    @property
    def is_local(self) -> bool:
        return False

    @property
    def log(self) -> CommitLog:
        return self.branch.log

    def tip(self) -> str | None:
        return self.branch.tip()

    def moved_at(self) -> float | None:
        """When the branch moved is only known there."""
        return None

    def rest(self) -> float:
        return max(0.0, self._due - time.monotonic())

    def refresh(self, hinted: float | None, stop: Callable[[], bool]) -> float | None:
        now = time.monotonic()
        if hinted is not None:
            self._further = AFTER_HINT
            self._due = min(self._due, max(now, self._last + GAP_SECONDS))
        if now < self._due:
            return None
        self._last, before = now, self.tip()
        self._due = now + self.poll * random.uniform(0.8, 1.2)
        try:
            self._fetch(CLONE_SECONDS if before is None else FETCH_SECONDS, stop)
        except FetchFailed:
            self._due = time.monotonic() + GAP_SECONDS  # whoever follows decides when to try again
            raise
        self._plan_further_look(before)
        return time.monotonic() - now

    def _plan_further_look(self, before: str | None) -> None:
        if self.tip() != before:
            self._further = ()
        elif self._further:
            self._due = min(self._due, time.monotonic() + self._further[0])
            self._further = self._further[1:]

    def close(self) -> None:
        """Lets go of the mirror."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    # ── git ──────────────────────────────────────────────────────────────────────────────────────

    def _fetch(self, seconds: float, stop: Callable[[], bool]) -> None:
        ref = f"refs/heads/{self.name}"
        command = [
            *("git", *(part for each in _CONFIG for part in ("-c", each))),
            *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"),
            *("--no-auto-maintenance", "--", self.place.url, f"+{ref}:{ref}"),
        ]
        code, said = self._run(command, seconds, stop)
        if code == 0:
            return
        if f"couldn't find remote ref {ref}" in said:
            raise FetchFailed(_no_such_branch(self.place, self.name))
        raise FetchFailed(_cannot_fetch(self.place, said, code))

    def _run(self, command: list[str], seconds: float, stop: Callable[[], bool]) -> tuple[int, str]:
        """Ends git, and all that it started, after `seconds` or when told to stop."""
        process = subprocess.Popen(
            command,
            env=git_environment(self.repository, self.place.protocol),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        give_up = time.monotonic() + seconds
        while True:
            try:
                _, said = process.communicate(timeout=_STOP_CHECK)
                return process.returncode, said.decode("utf-8", "replace")
            except subprocess.TimeoutExpired:
                if stop() or time.monotonic() >= give_up:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    process.communicate()
                    return -1, f"no end after {seconds:g} seconds"


def open_remote(
    place: RemotePlace, name: str, mirror: Path, poll: float = POLL_SECONDS
) -> RemoteBranch | Diagnostic:
    """Nothing is fetched yet. The mirror is made where it is not there, and is this process's until it
    ends or `close`; HB857 where it is another's or of another repository."""
    if not is_branch_name(name):
        return no_branch_name(name)
    try:
        mirror.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{mirror}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        return _no_mirror(mirror, error.strerror or str(error))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        said = _make(mirror, place)
    except OSError:
        said = "another publisher uses it"
    if said:
        os.close(lock)
        return _no_mirror(mirror, said)
    return RemoteBranch(place, Branch(mirror, name, mirror), poll, lock)


def _make(mirror: Path, place: RemotePlace) -> str:
    """Empty where the mirror is there and whole; else why not. A broken one is made anew by hand, since
    it may be somebody's repository that was named by mistake."""
    owner = mirror / "handbill-mirror-of"
    if owner.is_file():
        return "" if owner.read_text() == place.url else "it is of another repository"
    if mirror.exists() and any(mirror.iterdir()):
        return "it holds something else"
    command = ["git", "init", "--quiet", "--bare", "--template=", str(mirror)]
    made = subprocess.run(
        command, env=git_environment(mirror, place.protocol), capture_output=True, text=True
    )
    if made.returncode != 0:
        return made.stderr.strip()[:200]
    owner.write_text(place.url)
    return ""


def git_environment(repository: Path, protocol: str) -> dict[str, str]:
    """Nothing of a surrounding git (a hook's variables) is left but how to reach a remote."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _KEPT_SETTINGS
    }
    return {
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=10",
        **kept,
        **HARDENED,
        "GIT_ALLOW_PROTOCOL": protocol,
        "GIT_DIR": str(repository),
    }


def _no_mirror(mirror: Path, why: str) -> Diagnostic:
    return Diagnostic(
        "HB857",
        f"{mirror} cannot be this publisher's copy of the remote: {why}",
        hint="name an empty or new folder with --state",
    )


def _no_such_branch(place: RemotePlace, name: str) -> Diagnostic:
    return Diagnostic(
        "HB850",
        f"there is no branch `{name}` in {place.url}",
        notes=("the environment goes on as it is",),
        hint="name a branch that it has with --branch, or push this one",
    )


def _cannot_fetch(place: RemotePlace, said: str, code: int) -> Diagnostic:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if line not in _OF_EVERY_FAILURE] or lines
    shown = "".join(each if each.isprintable() else "?" for each in " ".join(telling[-3:]))
    return Diagnostic(
        "HB858",
        f"{place.url} cannot be fetched from: {shown[:300] or f'git ended with {code}'}",
        notes=("the environment goes on as it is",),
        hint="see that this machine reaches it and may read it: "
        f"`git ls-remote {place.url}` as the publisher's user",
    )
