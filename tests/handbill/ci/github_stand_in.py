"""A local stand-in of the few calls of GitHub's API: real HTTP, on a port that the system gives."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY = "shop/config"
HEAD = "2" * 40
TOKEN = "a-token"


@dataclass
class StandIn:
    """`failures` are answered first: (method, status, headers, whether it is done all the same)."""

    url: str = ""
    pulls: list[dict[str, Any]] = field(default_factory=list)
    by_commit: list[dict[str, Any]] | None = None
    comments: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    failures: list[tuple[str, int, dict[str, str], bool]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    raw: bytes | None = None

    def answer(self, method: str, path: str, body: Any) -> Any:
        place, _, query = path.partition("?")
        page = int(parse_qs(query).get("page", ["1"])[0])
        inside = place.removeprefix(f"/repos/{REPOSITORY}/")
        match method, inside.split("/"):
            case "GET", ["commits", commit, "pulls"]:
                known = self.pulls if self.by_commit is None else self.by_commit
                return paged([each for each in known if each["head"]["sha"] == commit], page)
            case "GET", ["pulls"]:
                return paged(self.pulls, page)
            case "GET", ["pulls", "7", "reviews"]:
                return paged(self.reviews, page)
            case "GET", ["issues", "7", "comments"]:
                return paged(self.comments, page)
            case "POST", ["issues", "7", "comments"]:
                self.comments.append(comment(len(self.comments) + 1, body["body"]))
                return self.comments[-1]
            case "PATCH", ["issues", "comments", number]:
                (found,) = [each for each in self.comments if each["id"] == int(number)]
                found["body"] = body["body"]
                return found
        return None


def paged(items: list[Any], page: int) -> list[Any]:
    return items[100 * (page - 1) : 100 * page]


def comment(number: int, body: str, login: str = "github-actions[bot]") -> dict[str, Any]:
    return {"id": number, "body": body, "user": {"login": login}}


def pull(number: int = 7, sha: str = HEAD, state: str = "open") -> dict[str, Any]:
    return {"number": number, "state": state, "head": {"sha": sha}}


def review(login: str, state: str, commit: str = HEAD) -> dict[str, Any]:
    return {"user": {"login": login}, "state": state, "commit_id": commit}


@contextmanager
def serving(world: StandIn) -> Iterator[StandIn]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handled(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            path = re.sub(r"[?&]per_page=100", "", self.path).replace("comments&", "comments?")
            world.asked.append(f"{self.command} {urlsplit(path).path}")
            assert self.headers["Authorization"] == f"Bearer {TOKEN}"
            if world.failures and world.failures[0][0] == self.command:
                _, status, headers, done = world.failures.pop(0)
                if done:
                    world.answer(self.command, self.path, body)
                if status == 0:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.respond(status, {"message": "no"}, headers)
                return
            answer = world.answer(self.command, self.path, body)
            self.respond(404 if answer is None else 200, answer, {})

        def respond(self, status: int, answer: Any, headers: dict[str, str]) -> None:
            data = world.raw if world.raw is not None else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = handled

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
