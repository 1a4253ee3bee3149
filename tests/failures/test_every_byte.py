"""Every single-byte flip and every truncation of a small release: none is activated.

The sound release is, by the same follower, before and after; and planted bugs show that the harness
notices a check that is there and binds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from damage import (
    NO_WORD,
    POINTER,
    Damaged,
    HarnessBroken,
    Shown,
    every_byte_flipped,
    every_truncation,
    show,
)
from followed_market import edit
from market import Market
from planted import bind_no_signature, compare_no_digest

EVERY = 11
"""Of so many damages one is shown to a runtime that has nothing yet, too."""


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    market = Market(tmp_path)
    return show(market, lambda: edit(market, "Triple points"))


def damages(shown: Shown) -> Iterator[Damaged]:
    for path in shown.read:
        yield from every_byte_flipped(path, shown.sound[path])
        yield from every_truncation(path, shown.sound[path])


def test_no_flip_and_no_truncation_is_activated(shown: Shown) -> None:
    verdict = shown.judge(damages(shown))
    assert verdict.activated == []
    assert verdict.ineffective == 0
    assert verdict.refused == 2 * sum(len(shown.sound[path]) for path in shown.read)
    assert NO_WORD not in verdict.codes


def test_nor_by_a_runtime_that_has_nothing(shown: Shown) -> None:
    some = [damaged for number, damaged in enumerate(damages(shown)) if number % EVERY == 0]
    verdict = shown.judge(some, cold=True)
    assert verdict.activated == []
    assert verdict.refused == len(some) > 500


def test_all_that_a_release_consists_of_is_damaged(shown: Shown) -> None:
    named = {path for path in shown.sound if path.startswith(("packs/", "assets/"))}
    assert POINTER in shown.read
    assert len(shown.read) >= 4, "the pointer, and the packs of release, retailer and environment"
    assert named - set(shown.read) <= set(shown.sound) - shown.read_anew


# ── the harness can fail ─────────────────────────────────────────────────────────────────────────


def test_a_signature_that_is_checked_but_not_bound_to_the_bytes_is_caught(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    bind_no_signature(monkeypatch, shown.sound[POINTER])
    verdict = shown.judge(every_byte_flipped(POINTER, shown.sound[POINTER]))
    assert verdict.activated


def test_a_digest_that_is_computed_but_not_compared_is_caught(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare_no_digest(monkeypatch)
    verdict = shown.judge(damages(shown))
    assert verdict.activated


def test_a_damage_that_changes_nothing_is_no_damage(shown: Shown) -> None:
    nothing = [Damaged(path, shown.sound[path], "nothing") for path in shown.read]
    verdict = shown.judge(nothing)
    assert (verdict.ineffective, verdict.refused, verdict.activated) == (len(nothing), 0, [])
    with pytest.raises(HarnessBroken, match="changed nothing"):
        verdict.refuse_ineffective()


def test_a_damage_that_nobody_looked_at_is_an_error(shown: Shown) -> None:
    shown.sound["elsewhere"] = b"something"
    shown.read_anew |= {"elsewhere"}
    with pytest.raises(HarnessBroken, match="was not read"):
        shown.judge([Damaged("elsewhere", b"else", "changed")])


def test_a_control_that_is_refused_is_an_error(shown: Shown) -> None:
    shown.sound[POINTER] = shown.sound[POINTER][:-1]
    with pytest.raises(HarnessBroken, match="the sound release is refused"):
        shown.judge([Damaged(POINTER, b"", "emptied")])
