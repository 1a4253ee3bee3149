from __future__ import annotations

import io
import json

from handbill.cli.publisher_log import PublisherLog


def test_lines_for_people_cannot_move_the_cursor() -> None:
    out = io.StringIO()
    log = PublisherLog("text", out)
    log.say("info", "following main")
    log.say("warning", "said \x1b[2J\nerror: all is lost", code="HB858")
    lines = out.getvalue().splitlines()
    assert lines[0] == "following main" and len(lines) == 2
    assert lines[1].startswith("warning: said") and "\x1b" not in lines[1]


def test_lines_for_machines_are_objects() -> None:
    out = io.StringIO()
    PublisherLog("json", out).say("warning", "no\nanswer", code="HB892")
    (line,) = out.getvalue().splitlines()
    body = json.loads(line)
    assert (body["level"], body["message"], body["code"]) == ("warning", "no\nanswer", "HB892")
    assert body["time"].endswith("+00:00")
