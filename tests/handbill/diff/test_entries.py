"""What is said of one pair of plans."""

from __future__ import annotations

from diff_world import AT, HELLO, campaign, side

from handbill.diff.entries import told_of
from handbill.diff.grouping import Told
from handbill.diff.matching import match_tenant
from handbill.language.reasoning.reasoner import Reasoner


def told(*replaced: tuple[str, str]) -> Told:
    (pair,) = match_tenant(side(), side({HELLO: campaign(*replaced)}), "fresh-fields").pairs
    with Reasoner() as reasoner:
        return told_of(pair, reasoner, AT, 1000)


def test_each_aspect_that_differs() -> None:
    found = told(("Double", "Triple"), ("12-05", "12-06")).entry
    assert [type(each).__name__ for each in found.aspects] == ["ContentChange", "TimingChange"]
    assert (found.kind, found.marketing) == ("changed", True)


def test_what_stops_is_told_first() -> None:
    found = told(("active", "paused"), ("12-05", "12-06")).entry
    assert found.kind == "stopped"
    assert type(found.aspects[0]).__name__ == "SettingsChange"


def test_the_names_that_a_change_may_bear() -> None:
    names = told(("Double", "Triple")).names
    assert {"fresh-fields", "hello"} < set(names)
    assert list(names) == sorted(names, key=lambda name: (-len(name), name))
