from __future__ import annotations

import json

from handbill.cli.follower_report import event_json, event_text, tree_of
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.pipeline import Compiled
from handbill.publish.events import Handled, Renewed, Trouble
from handbill.publish.publication import Outcome, Publication

COMMIT = "c" * 40
NOTHING = Compiled(None, None, None, {}, ())
HANDLED = Handled(COMMIT, NOTHING, Publication(Outcome.REFUSED, None), (), 0.0331, 0.0081)
FAILED = Handled(COMMIT, None, None, (Diagnostic("HB853", "a bug"),), 0.5, 0.0)
RENEWED = Renewed(Publication(Outcome.RENEWED, None))
TROUBLE = Trouble(Diagnostic("HB802", "the disk is full"), 2.0)


def test_one_line_for_people() -> None:
    assert event_text(HANDLED, "staging").startswith(
        "cccccccccccc in 41 ms (compile 33, publish 8): not published"
    )
    assert event_text(FAILED, "staging").endswith("not published, staging goes on as it is")
    assert event_text(RENEWED, "staging").startswith("not published: nothing was ever published")
    assert event_text(TROUBLE, "staging") == "trying again in 2 s"


def test_one_line_of_json() -> None:
    bodies = [json.loads(event_json(event)) for event in (HANDLED, FAILED, RENEWED, TROUBLE)]
    assert [body["event"] for body in bodies] == ["handled", "handled", "renewed", "trouble"]
    assert (bodies[0]["compile_ms"], bodies[0]["publish_ms"]) == (33.1, 8.1)
    assert "outcome" not in bodies[1] and bodies[1]["diagnostics"][0]["code"] == "HB853"
    assert bodies[3]["retry_seconds"] == 2.0


def test_findings_point_into_the_commits_own_sources() -> None:
    assert tree_of(HANDLED) is None and tree_of(FAILED) is None and tree_of(TROUBLE) is None
