from __future__ import annotations

import json

import pytest

from handbill.cli.publication_report import json_line, publication_json, publication_text
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.pointer import Held, Pointer
from handbill.publish.publication import Outcome, Publication, TenantChanges

POINTER = Pointer(
    environment="production",
    environment_digest="sha256:" + "e" * 64,
    sequence=7,
    release="sha256:" + "a" * 64,
    commit="c" * 40,
    compiler="0.1.0",
    issued="2026-12-05T10:00:00Z",
    expires="2027-01-04T10:00:00Z",
    held=(Held(tenant="valle", since="d" * 40),),
)
RELEASE = "(sha256:aaaaaaaaaaaa, commit cccccccccccc)"


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Outcome.PUBLISHED, "published number 7 to production"),
        (Outcome.UNCHANGED, "unchanged: production runs this already, as number 7"),
        (
            Outcome.RENEWED,
            "renewed: production runs this already; number 7 makes it valid for longer",
        ),
        (Outcome.SUPERSEDED, "not published: production runs a later commit, number 7"),
        (Outcome.WITHDRAWN, "not published: production was rolled back, number 7"),
        (Outcome.REFUSED, "not published: production goes on with number 7"),
    ],
)
def test_every_outcome_has_its_line(outcome: Outcome, line: str) -> None:
    text = publication_text(Publication(outcome, POINTER), "production")
    assert text.splitlines() == [f"{line} {RELEASE}", "  held: valle (since dddddddddddd)"]


def test_tenants_are_listed_and_long_lists_are_cut() -> None:
    changes = TenantChanges(changed=tuple(f"t{number:02}" for number in range(12)))
    publication = Publication(Outcome.PUBLISHED, POINTER, changes, left_out=("fresh",))
    lines = publication_text(publication, "production").splitlines()
    assert lines[1].endswith("t09 and 2 more") and lines[-1] == "  left out: fresh"


def test_a_repair_is_told() -> None:
    text = publication_text(Publication(Outcome.UNCHANGED, POINTER, packs=2), "production")
    assert text.endswith("repaired: 2 damaged or missing packs were written anew")


def test_json_is_versioned_and_on_one_line() -> None:
    found = Diagnostic("HB825", "`valle` is held")
    body = publication_json(Publication(Outcome.PUBLISHED, POINTER), [found], event="handled")
    line = json_line(body)
    assert "\n" not in line
    decoded = json.loads(line)
    assert (decoded["version"], decoded["event"], decoded["outcome"]) == (1, "handled", "published")
    assert decoded["pointer"]["held"] == [{"tenant": "valle", "since": "d" * 40}]
    assert decoded["diagnostics"][0]["code"] == "HB825"
    assert "outcome" not in publication_json(None, [])
