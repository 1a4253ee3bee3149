"""`handbill publish --watch` as a process: a remote, webhooks, the stream, reviews and signals."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import click
import httpx
import pytest

from handbill.cli.follow_options import FollowOptions
from handbill.cli.following import Following, ending, state_folder
from handbill.publish.bell import Bell

SECRET = "a secret of a test, which is long"
WEEKEND = "Double points this weekend"
HANDBILL = str(Path(sys.executable).with_name("handbill"))


class Running:
    """The publisher's events and its log, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.events: Queue[dict[str, Any]] = Queue()
        self.log: Queue[dict[str, Any]] = Queue()
        for stream, lines in ((process.stdout, self.events), (process.stderr, self.log)):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()

    @staticmethod
    def _read(stream: Any, lines: Queue[dict[str, Any]]) -> None:
        for line in stream:
            lines.put(json.loads(line))

    def port(self) -> int:
        while True:
            line = self.log.get(timeout=60)
            if "port" in line:
                return int(line["port"])

    def handled(self) -> dict[str, Any]:
        while True:
            event = self.events.get(timeout=60)
            if event["event"] == "handled":
                return event


@contextmanager
def running(published: Any, *options: str) -> Iterator[Running]:
    command = [
        *(HANDBILL, "publish", "--env", "staging", "--key", str(published.key), "--watch"),
        *("--first", "--output", "json", "--log", "json", *options),
    ]
    process = subprocess.Popen(
        command,
        cwd=published.folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "HOOK": SECRET},
    )
    try:
        yield Running(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert process.returncode == 0


def deliver(port: int, delivery: str, secret: str = SECRET) -> int:
    body = json.dumps({"ref": "refs/heads/main", "delivery": delivery}).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": f"sha256={signature}",
        "Content-Type": "application/json",
    }
    url = f"http://127.0.0.1:{port}/webhooks/github"
    return httpx.post(url, content=body, headers=headers).status_code


@pytest.fixture
def remote(published: Any, tmp_path: Path) -> Path:
    """A bare repository that the published one pushes to."""
    bare = tmp_path / "upstream.git"
    published.git("clone", "-q", "--bare", str(published.folder), str(bare))
    published.git("remote", "add", "origin", str(bare))
    return bare


def test_a_push_is_published_when_a_webhook_tells_of_it(
    published: Any, remote: Path, tmp_path: Path
) -> None:
    options = (
        *("--remote", str(remote), "--state", str(tmp_path / "state"), "--poll", "3600"),
        *("--listen", "127.0.0.1:0", "--github-secret", "env:HOOK"),
    )
    with running(published, *options) as publisher:
        port = publisher.port()
        first = publisher.handled()
        assert (first["outcome"], first["added"]) == ("published", ["fresh-fields"])
        told: Queue[int] = Queue()

        def listen() -> None:
            url = f"http://127.0.0.1:{port}/environments/staging/events"
            with httpx.stream("GET", url, timeout=60) as answer:
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        told.put(json.loads(line[6:])["sequence"])

        threading.Thread(target=listen, daemon=True).start()
        assert told.get(timeout=60) == 1
        skipped = published.subject(WEEKEND, "Triple points")
        commit = published.subject("Triple points", "Fourfold points")
        published.git("push", "-q", "origin", "main")
        assert deliver(port, "d1", "somebody else's secret") == 401
        assert deliver(port, "d1") == 202
        event = publisher.handled()
        assert (event["commit"], event["outcome"]) == (commit, "published")
        assert (
            event["pointer"]["skipped"] == [skipped] and event["pointer"]["by"] == "a <a@b.example>"
        )
        assert event["pointer"]["why"] == "an edit"
        steps = ("noticed", "fetched", "compiled", "decided", "packs", "history", "pointer")
        assert tuple(event["steps_ms"]) == steps
        assert told.get(timeout=60) == 2
        assert deliver(port, "d1") == 409
        ready = httpx.get(f"http://127.0.0.1:{port}/readyz")
        assert (ready.status_code, ready.json()["problems"]) == (200, [])
        assert ready.json()["commit"] == commit
        metrics = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'commits_total{outcome="published"} 2.0' in metrics
        rolled_back = published.rollback()
        assert rolled_back.exit_code == 0
        assert told.get(timeout=60) == 3, "runtimes hear of what others publish, too"
    with running(published, *options) as again:
        assert deliver(again.port(), "d1") == 409, "also after a restart"


def test_without_webhooks_the_poll_finds_it(published: Any, remote: Path, tmp_path: Path) -> None:
    options = ("--repo", str(published.folder), "--remote", "origin", "--poll", "0.2")
    with running(published, *options, "--state", str(tmp_path / "state")) as publisher:
        publisher.handled()
        commit = published.subject(WEEKEND, "Triple points")
        published.git("push", "-q", "origin", "main")
        assert publisher.handled()["commit"] == commit


def test_the_push_target_itself_is_followed(published: Any, remote: Path, tmp_path: Path) -> None:
    with running(published, "--repo", str(remote), "--state", str(tmp_path / "s")) as publisher:
        publisher.handled()
        commit = published.subject(WEEKEND, "Triple points")
        published.git("push", "-q", "origin", "main")
        event = publisher.handled()
        assert event["commit"] == commit and "fetched" not in event["steps_ms"]
        assert event["steps_ms"]["noticed"] >= 0


def test_what_a_review_showed_is_compared(published: Any, tmp_path: Path) -> None:
    published.publish()
    base = published.git("rev-parse", "HEAD")
    published.subject(WEEKEND, "Triple points")
    out, reviews = tmp_path / "artifact", tmp_path / "reviews"
    command = [HANDBILL, "ci", "--base", base, "--root", str(published.folder), "--out", str(out)]
    subprocess.run(command, check=False, capture_output=True)
    reviews.mkdir()
    (reviews / "pr-1.json").write_bytes((out / "reviewed.json").read_bytes())
    reviewed = published.publish("--reviews", str(reviews))
    assert "reviewed: these are the plans that were shown" in reviewed.stdout
    published.subject("Triple points", "Fourfold points")
    differs = published.publish("--reviews", str(reviews))
    assert "not as reviewed: fresh-fields/hello" in differs.stdout


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--remote", "http://git.example/x"), "HB855"),
        (("--listen", "nowhere"), "HB890"),
        (("--listen", "127.0.0.1:0", "--github-secret", "/nowhere"), "HB859"),
        (("--hints", "http://nats"), "HB891"),
        (("--reviews", "ftp://host"), "HB893"),
        (("--github-secret", "env:HOOK"), "needs --listen"),
    ],
)
def test_what_cannot_begin_is_said_at_once(
    published: Any, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    result = published.publish("--watch", "--state", str(tmp_path / "state"), *options)
    assert result.exit_code in (1, 2) and code in result.stderr
    assert not published.store.exists()


def test_a_mirror_in_use_is_refused(published: Any, remote: Path, tmp_path: Path) -> None:
    options = ("--remote", str(remote), "--state", str(tmp_path / "state"))
    with running(published, *options) as publisher:
        publisher.handled()
        second = published.publish("--watch", *options)
        assert second.exit_code == 1 and "error[HB857]" in second.stderr


def test_trouble_is_told_and_tried_again(published: Any, remote: Path, tmp_path: Path) -> None:
    away = remote.rename(tmp_path / "away.git")
    remote.mkdir()
    options = ("--remote", str(remote), "--state", str(tmp_path / "state"), "--poll", "0.1")
    with running(published, *options) as publisher:
        event = publisher.events.get(timeout=60)
        assert event["event"] == "trouble" and event["diagnostics"][0]["code"] == "HB858"
        remote.rmdir()
        away.rename(remote)
        give_up = time.monotonic() + 60
        while event["event"] != "handled":
            assert time.monotonic() < give_up
            event = publisher.events.get(timeout=60)
        assert event["outcome"] == "published"


class _Interrupted(threading.Event):
    """The next signal comes while this one is being told, when the event's own lock is held."""

    def __init__(self) -> None:
        super().__init__()
        self.within, self.again = False, lambda: None

    def set(self) -> None:
        assert not self.within, "it would wait for itself for ever"
        self.within = True
        self.again()
        super().set()


def test_a_second_signal_within_the_first_does_not_wait_for_it() -> None:
    stop, bell = _Interrupted(), Bell()
    end = ending(stop, bell)
    stop.again = lambda: end(signal.SIGTERM, None)
    end(signal.SIGTERM, None)
    assert stop.is_set() and bell.heard() is not None


def test_who_has_no_home_names_a_folder_for_state(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    nothing: Any = None
    given = {
        "watch": True,
        "branch": "main",
        "interval": 1.0,
        "remote": None,
        "folder": "",
        "poll": 1.0,
        "state": None,
        "listen": None,
        "github_secret": None,
        "gitlab_secret": None,
        "hints": None,
        "log": "text",
    }
    options = FollowOptions(**given)
    following = Following("staging", None, nothing, nothing, options, "text")
    with pytest.raises(click.UsageError, match="name one with --state"):
        state_folder(following)
