"""Real bare repositories behind file paths and behind git's own HTTP server."""

from __future__ import annotations

import http.server
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish import remote
from handbill.publish.remote import FetchFailed, RemoteBranch, git_environment, open_remote
from handbill.publish.remote_place import RemotePlace, find_remote


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


class Upstream:
    """Somebody's clone, and the bare repository that it pushes to."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work = folder / "upstream.git", folder / "work"
        folder.mkdir(exist_ok=True)
        git(folder, "init", "-q", "--bare", "-b", "main", str(self.bare))
        git(folder, "clone", "-q", str(self.bare), str(self.work))
        git(self.work, "checkout", "-q", "-b", "main")

    def push(self, message: str, *options: str) -> str:
        git(self.work, "commit", "-q", "--allow-empty", "-m", message)
        git(self.work, "push", "-q", *options, "origin", "HEAD:main")
        return git(self.work, "rev-parse", "HEAD")


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    return Upstream(tmp_path / "there")


def opened(place: RemotePlace | Diagnostic, folder: Path, poll: float = 3600.0) -> RemoteBranch:
    assert isinstance(place, RemotePlace)
    branch = open_remote(place, "main", folder / "mirror.git", poll)
    assert isinstance(branch, RemoteBranch), branch
    return branch


def refresh(branch: RemoteBranch, hinted: bool = True) -> float | None:
    return branch.refresh(time.monotonic() if hinted else None, lambda: False)


def test_a_hint_brings_what_was_pushed(upstream: Upstream, tmp_path: Path) -> None:
    branch = opened(find_remote(str(upstream.bare), None), tmp_path)
    assert branch.tip() is None and not branch.is_local and branch.moved_at() is None
    first = upstream.push("one")
    took = refresh(branch, hinted=False)
    assert took is not None and took > 0, "the first look needs no hint"
    assert branch.tip() == first
    second = upstream.push("two")
    assert refresh(branch, hinted=False) is None and branch.tip() == first
    time.sleep(remote.GAP_SECONDS)
    assert refresh(branch) is not None and branch.tip() == second
    assert branch.log.contains(second, first)


def test_nothing_but_the_branch_is_fetched(upstream: Upstream, tmp_path: Path) -> None:
    upstream.push("one")
    git(upstream.work, "tag", "v1")
    git(upstream.work, "push", "-q", "origin", "v1", "HEAD:refs/heads/side")
    branch = opened(find_remote(str(upstream.bare), None), tmp_path)
    refresh(branch)
    assert git(branch.repository, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    hooks = branch.repository / "hooks"
    assert not hooks.exists(), "no template brought any"


def test_no_hook_of_the_mirror_runs(upstream: Upstream, tmp_path: Path) -> None:
    branch = opened(find_remote(str(upstream.bare), None), tmp_path)
    hook = branch.repository / "hooks" / "reference-transaction"
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    tip = upstream.push("one")
    refresh(branch)
    assert branch.tip() == tip and not (tmp_path / "ran").exists()


def test_hints_that_come_fast_are_one_fetch(upstream: Upstream, tmp_path: Path) -> None:
    branch = opened(find_remote(str(upstream.bare), None), tmp_path)
    upstream.push("one")
    assert refresh(branch) is not None
    assert refresh(branch) is None, "too soon after the one before"
    assert 0 < branch.rest() <= remote.GAP_SECONDS
    later = upstream.push("two")
    time.sleep(branch.rest())
    assert refresh(branch, hinted=False) is not None and branch.tip() == later


def test_a_hint_ahead_of_the_remote_is_looked_into_again(
    upstream: Upstream, tmp_path: Path
) -> None:
    branch = opened(find_remote(str(upstream.bare), None), tmp_path)
    upstream.push("one")
    refresh(branch)
    time.sleep(remote.GAP_SECONDS)
    assert refresh(branch) is not None, "nothing new"
    assert branch.rest() <= remote.AFTER_HINT[0]
    tip = upstream.push("two")
    time.sleep(branch.rest())
    assert refresh(branch, hinted=False) is not None and branch.tip() == tip
    assert branch.rest() > 60, "it was found: now the poll is enough"


def test_the_poll_comes_without_hints_and_not_all_at_once(
    upstream: Upstream, tmp_path: Path
) -> None:
    upstream.push("one")
    rests = []
    for number in range(6):
        branch = opened(find_remote(str(upstream.bare), None), tmp_path / str(number), poll=100.0)
        refresh(branch, hinted=False)
        rests.append(branch.rest())
    assert all(70 < rest <= 120 for rest in rests) and len({round(rest) for rest in rests}) > 1


def test_a_rewritten_branch_is_followed(upstream: Upstream, tmp_path: Path) -> None:
    branch = opened(find_remote(str(upstream.bare), None), tmp_path)
    first = upstream.push("one")
    refresh(branch)
    git(upstream.work, "checkout", "-q", "--orphan", "other")
    other = upstream.push("other", "--force")
    time.sleep(remote.GAP_SECONDS)
    refresh(branch)
    assert branch.tip() == other and not branch.log.contains(other, first)


def test_what_cannot_be_fetched_is_said(upstream: Upstream, tmp_path: Path) -> None:
    branch = opened(find_remote(str(upstream.bare), None), tmp_path)
    with pytest.raises(FetchFailed) as missing:
        refresh(branch)
    assert missing.value.diagnostic.code == "HB850"
    tip = upstream.push("one")
    time.sleep(remote.GAP_SECONDS)
    refresh(branch)
    upstream.bare.rename(tmp_path / "away")
    time.sleep(remote.GAP_SECONDS)
    with pytest.raises(FetchFailed) as away:
        refresh(branch)
    assert away.value.diagnostic.code == "HB858" and branch.tip() == tip
    assert "does not appear to be a git repository" in away.value.diagnostic.message
    assert 0 < branch.rest() <= remote.GAP_SECONDS, "the next try does not wait for the poll"
    (tmp_path / "away").rename(upstream.bare)
    later = upstream.push("two")
    time.sleep(remote.GAP_SECONDS)
    assert refresh(branch, hinted=False) is not None and branch.tip() == later


def test_git_may_speak_the_remotes_protocol_only(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file:ext")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    upstream.push("one")
    place = RemotePlace(str(upstream.bare), "https")
    branch = open_remote(place, "main", tmp_path / "mirror.git")
    assert isinstance(branch, RemoteBranch)
    with pytest.raises(FetchFailed, match="not allowed"):
        refresh(branch)
    environment = git_environment(tmp_path, "https")
    assert environment["GIT_ALLOW_PROTOCOL"] == "https" and "GIT_INDEX_FILE" not in environment
    assert "BatchMode=yes" in environment["GIT_SSH_COMMAND"]


def test_a_remote_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted remote sleeps; git and what it started are ended with it."""
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(slow))
    monkeypatch.setattr(remote, "CLONE_SECONDS", 0.6)
    monkeypatch.setattr(remote, "_STOP_CHECK", 0.1)
    branch = opened(RemotePlace("git@git.example:c.git", "ssh"), tmp_path)
    with pytest.raises(FetchFailed, match="no end after"):
        refresh(branch)
    pid = int((tmp_path / "pid").read_text())
    assert _is_gone(pid)
    time.sleep(remote.GAP_SECONDS)
    monkeypatch.setattr(remote, "CLONE_SECONDS", 600)
    with pytest.raises(FetchFailed):
        branch.refresh(time.monotonic(), lambda: True)


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_mirror_is_one_publishers(upstream: Upstream, tmp_path: Path) -> None:
    place = find_remote(str(upstream.bare), None)
    assert isinstance(place, RemotePlace)
    mirror = tmp_path / "mirror.git"
    first = opened(place, tmp_path)
    second = open_remote(place, "main", mirror)
    assert isinstance(second, Diagnostic) and second.code == "HB857"
    assert "another publisher uses it" in second.message
    first.close()
    first.close()
    again = open_remote(place, "main", mirror)
    assert isinstance(again, RemoteBranch)
    again.close()
    foreign = open_remote(RemotePlace("https://git.example/x", "https"), "main", mirror)
    assert isinstance(foreign, Diagnostic) and "another repository" in foreign.message
    full = open_remote(place, "main", upstream.work)
    assert isinstance(full, Diagnostic) and "something else" in full.message
    (tmp_path / "file").write_text("")
    below = open_remote(place, "main", tmp_path / "file" / "mirror")
    assert isinstance(below, Diagnostic) and below.code == "HB857"
    odd = open_remote(place, "--upload-pack=id", mirror)
    assert isinstance(odd, Diagnostic) and odd.code == "HB850"


class _GitOverHttp(http.server.BaseHTTPRequestHandler):
    """Git's own CGI program behind Python's server, as the git-http-backend manual sets it up."""

    root: Path

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("content-length", 0))
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": self.headers.get("git-protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"],
            env=environment,
            input=self.rfile.read(length),
            capture_output=True,
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode().split("\r\n")]
        status = next((value for name, _, value in lines if name == "Status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, _, value in lines:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served(upstream: Upstream) -> Iterator[str]:
    handler = type("Handler", (_GitOverHttp,), {"root": upstream.bare.parent})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{upstream.bare.name}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_http(upstream: Upstream, served: str, tmp_path: Path) -> None:
    branch = opened(find_remote(served, None), tmp_path)
    first = upstream.push("one")
    refresh(branch)
    assert branch.tip() == first
    second = upstream.push("two")
    time.sleep(remote.GAP_SECONDS)
    refresh(branch)
    assert branch.tip() == second
    missing = opened(find_remote(f"{served}-not", None), tmp_path / "other")
    with pytest.raises(FetchFailed) as refused:
        refresh(missing)
    assert refused.value.diagnostic.code == "HB858"
