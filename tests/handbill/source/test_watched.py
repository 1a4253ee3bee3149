"""The board that a watched compile writes on, and the units that it leaves out."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from handbill.source import watched
from handbill.source.watched import Board, Unit, another_part, install, stopped, working_on

UNIT = Unit("tenants/a/campaigns/é.yaml", "a 12ab")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    watched._watch = watched._Watch()


def test_an_unwatched_process_tells_nobody_and_leaves_nothing_out() -> None:
    with working_on(UNIT):
        another_part()
    assert stopped(UNIT) is None


def test_the_board_shows_the_unit_at_work_and_nothing_after_it() -> None:
    board = Board()
    install(board, {})
    with working_on(UNIT):
        count, shown = board.read()
        assert shown == UNIT
        another_part()
        later, again = board.read()
        assert later > count and again == UNIT
    assert board.read()[1] is None


def test_another_part_outside_a_unit_starts_nothing() -> None:
    board = Board()
    install(board, {})
    another_part()
    assert board.read() == (0, None)


def test_a_forked_parent_reads_what_its_child_wrote() -> None:
    board = Board()
    child = os.fork()
    if child == 0:
        board.write(UNIT.text)
        os._exit(0)
    os.waitpid(child, 0)
    assert board.read() == (1, UNIT)


def test_a_stopped_unit_is_named_with_its_reason_until_its_content_changes() -> None:
    install(Board(), {UNIT: "took longer than 2 seconds"})
    found = stopped(UNIT)
    assert found is not None and found.code == "HB510" and found.is_error
    assert "took longer than 2 seconds" in found.message
    assert found.range is not None and found.range.file == UNIT.file
    assert stopped(Unit(UNIT.file, "a 34cd")) is None


def test_a_long_name_is_cut_instead_of_overrunning_the_board() -> None:
    board = Board()
    board.write("x" * 10_000)
    _, unit = board.read()
    assert unit is not None and 4000 < len(unit.file) < 4096
