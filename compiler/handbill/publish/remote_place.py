"""Where a remote repository is: what may be fetched from, said by the operator and by nobody else.

Only https, ssh and folders of this machine, and plain http to this machine: over anything else whoever
sits on the line would decide what is published. A URL holds no password, since URLs end up in logs.
"""

from __future__ import annotations

import re
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from handbill.diagnostics.diagnostic import Diagnostic

_URL = re.compile(r"([a-z][a-z0-9+.-]*)://[^\s]+", re.IGNORECASE)
_SCP = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9][A-Za-z0-9.-]*:[^:\s][^\s]*")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_OPEN = re.compile(r"[^\x00-\x1f\x7f]{1,2000}")
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class RemotePlace:
    """`protocol` is the only one that git may speak for it."""

    url: str
    protocol: str


def find_remote(text: str, repository: Path | None) -> RemotePlace | Diagnostic:
    """The place that `text` names: a URL, a folder, or a remote of `repository`."""
    place = _place(text, Path.cwd())
    if place is not None:
        return place
    if repository is None or _NAME.fullmatch(text) is None:
        return _refused(text, "is neither a URL nor a folder, nor a remote of --repo")
    url = _configured(repository, text)
    if url is None:
        return _refused(text, f"is not a remote of {repository}")
    return _place(url, repository) or _refused(url, "cannot be fetched from")


def _place(text: str, here: Path) -> RemotePlace | Diagnostic | None:
    """None for what could only be the name of a remote."""
    if _OPEN.fullmatch(text) is None or text.startswith("-"):
        return _refused(text, "is not the address of a repository")
    if (found := _URL.fullmatch(text)) is not None:
        return _of_url(text, found[1].lower())
    if _SCP.fullmatch(text):
        return RemotePlace(text, "ssh")
    folder = here / text
    if folder.is_dir():
        return RemotePlace(str(folder.resolve()), "file")
    if text.startswith(("/", "./", "../")):
        return _refused(text, "is not there")
    return None


def _of_url(url: str, protocol: str) -> RemotePlace | Diagnostic:
    try:
        parts = urllib.parse.urlsplit(url)
        password, host = parts.password, parts.hostname
    except ValueError:
        return _refused(url, "cannot be read as a URL")
    if password is not None or (protocol in ("http", "https") and parts.username):
        return Diagnostic(
            "HB855",
            f"the URL of the remote at {host} holds a password or token",
            notes=("URLs are shown in logs and in the list of processes",),
            hint="leave it out, and let git find it: a credential helper, GIT_ASKPASS or an SSH key",
        )
    if protocol == "http" and host not in _HERE:
        return _refused(url, "is not encrypted, so whoever is on the line could change it")
    if protocol not in ("https", "http", "ssh", "file"):
        return _refused(url, f"would be fetched by `{protocol}`, which is not allowed")
    return RemotePlace(url, protocol)


def _configured(repository: Path, name: str) -> str | None:
    command = ["git", "-C", str(repository), "config", "--get", f"remote.{name}.url"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() or None if done.returncode == 0 else None


def _refused(text: str, why: str) -> Diagnostic:
    shown = "".join(each if each.isprintable() else "?" for each in text[:200])
    return Diagnostic(
        "HB855",
        f"`{shown}` {why}",
        hint="name the repository's https or ssh URL, or a remote that `git remote` lists: "
        "--remote https://git.example/config.git",
    )
