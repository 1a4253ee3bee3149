"""Who is stopped: signed, numbered, compared and set, and found again by its audit line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from root_world import MADE, OPERATOR, PUBLISHER, STRANGER, SUCCESSOR, Roots

from handbill.publish.rooting import Change, with_keys, without_key
from handbill.store.errors import PauseOlder, PauseUnreadable, PauseUntrusted, PublishConflict
from handbill.store.folder import FolderStore
from handbill.store.paths import pause_line_path, pause_path
from handbill.store.pause import (
    MAX_TENANTS,
    Pause,
    change_pause,
    newest_pause_line,
    read_pause,
    read_pause_lines,
    read_pause_standing,
    sign_pause,
    verify_former_pause,
)
from handbill.store.trust import flat_trust

TRUST = flat_trust(OPERATOR.public)
FILE = pause_path("production")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def change(store: FolderStore, *stop: str, minutes: int = 0, **more) -> Pause:  # type: ignore[no-untyped-def]
    options = {"trust": TRUST, "keys": [OPERATOR.private]} | more
    now = MADE + timedelta(minutes=minutes)
    return change_pause(
        store, "production", stop=stop, by="olga", reason="prices", now=now, **options
    )


def test_stops_add_up_and_resumptions_take_away(store: FolderStore) -> None:
    change(store, "b")
    assert change(store, "a").tenants == ("a", "b")
    assert change(store, resume=["b"]).tenants == ("a",)
    everybody = change(store, everyone=True)
    assert everybody.stops("anybody") and not everybody.is_idle
    nobody = change(store, everyone=False)
    assert nobody.is_idle and not nobody.stops("a")
    lines = read_pause_lines(store, "production", TRUST)
    assert len(lines) == 5 and lines[0] == nobody
    assert [each.number for each in lines] == sorted((e.number for e in lines), reverse=True)
    assert read_pause_lines(store, "production", TRUST, limit=1) == (nobody,)


def test_what_covers_what() -> None:
    def pause(*tenants: str, everyone: bool = False) -> Pause:
        return Pause(
            environment="e",
            number=1,
            issued="",
            by="",
            reason="",
            tenants=tenants,
            everyone=everyone,
        )

    assert pause("a", "b").stops_all_of(pause("a")) and pause(everyone=True).stops_all_of(pause())
    assert not pause("a").stops_all_of(pause("b"))
    assert not pause("a").stops_all_of(pause(everyone=True))


def test_a_number_exceeds_whatever_was_removed(store: FolderStore, tmp_path: Path) -> None:
    before = change(store, "a")
    for path in (FILE, pause_line_path("production", before.number)):
        (tmp_path / path).unlink()
    assert change(store, "b", minutes=1).number > before.number


def test_what_is_not_as_signed_is_refused(store: FolderStore) -> None:
    pause = change(store, "a")
    with pytest.raises(PauseOlder, match="older than"):
        read_pause(store, "production", TRUST, pause.number + 1)
    store.put({FILE: b"?"})
    with pytest.raises(PauseUnreadable):
        read_pause(store, "production", TRUST)
    store.put({FILE: sign_pause(pause, STRANGER.private)})
    with pytest.raises(PauseUntrusted):
        read_pause(store, "production", TRUST)


def test_what_is_gone_is_told_only_to_who_has_seen_it(store: FolderStore) -> None:
    assert read_pause(store, "production", TRUST) is None
    with pytest.raises(PauseOlder, match="is gone"):
        read_pause(store, "production", TRUST, 1)


def test_a_lost_or_damaged_file_is_written_anew_from_the_lines(
    store: FolderStore, tmp_path: Path
) -> None:
    pause = change(store, "a")
    store.put({FILE: b"?"})
    standing = read_pause_standing(store, "production", TRUST)
    assert standing.pause == pause and isinstance(standing.problem, PauseUnreadable)
    (tmp_path / FILE).unlink()
    standing = read_pause_standing(store, "production", TRUST)
    assert standing.pause == pause and isinstance(standing.problem, PauseOlder)
    assert change(store, "b").tenants == ("a", "b")


def test_a_cut_between_line_and_file_is_gone_on_with(store: FolderStore) -> None:
    change(store, "a")
    old = store.read(FILE)
    second = change(store, "b")
    assert old is not None
    store.put({FILE: old.data})
    assert read_pause_standing(store, "production", TRUST).pause == second


def test_a_forged_line_is_passed_over(store: FolderStore) -> None:
    pause = change(store, "a")
    forged = Pause(environment="production", number=9, issued=pause.issued, by="", reason="")
    store.put({pause_line_path("production", 9_999_999_999): sign_pause(forged, OPERATOR.private)})
    store.put({pause_line_path("production", 9_999_999_998): b"?"})
    found = newest_pause_line(store, "production", TRUST)
    assert found is not None and found.pause == pause
    assert newest_pause_line(store, "staging", TRUST) is None


def test_who_may_not_stop_writes_nothing(tmp_path: Path) -> None:
    roots = Roots(FolderStore(tmp_path))
    for key in (PUBLISHER, STRANGER):
        with pytest.raises(PauseUntrusted):
            change(roots.store, "a", trust=roots.trust, keys=[key.private])
    assert roots.store.read(FILE) is None
    assert roots.store.names("environments/production/pauses") == ()


def test_what_a_former_operator_signed_stays_in_the_history(tmp_path: Path) -> None:
    roots = Roots(FolderStore(tmp_path))
    pause = change(roots.store, "a", trust=roots.trust, keys=[OPERATOR.private])
    given = Change(environment="production", operators=[SUCCESSOR.public])
    after = without_key(with_keys(roots.newest, given), OPERATOR.public)
    roots.follow_up(after)
    trust = roots.trust.updated(roots.store)
    assert read_pause_lines(roots.store, "production", trust) == (pause,)
    stored = roots.store.read(FILE)
    assert stored is not None
    assert verify_former_pause(stored.data, "production", trust) == pause
    with pytest.raises(PauseUntrusted):
        read_pause(roots.store, "production", trust)


class Faster(FolderStore):
    """Somebody else always is."""

    def swap(self, path: str, expected: str | None, data: bytes) -> bool:
        return False


def test_who_never_wins_gives_up(tmp_path: Path) -> None:
    with pytest.raises(PublishConflict, match="other operators"):
        change(Faster(tmp_path), "a")


@pytest.mark.parametrize(
    "pause",
    [
        Pause(environment="e", number=0, issued="2026-12-05T10:00:00Z", by="", reason=""),
        Pause(environment="e", number=1, issued="yesterday", by="", reason=""),
        Pause(environment="e", number=1, issued="", by="", reason="", tenants=("b", "a")),
        Pause(
            environment="e",
            number=1,
            issued="",
            by="",
            reason="",
            tenants=tuple(f"t{n:06}" for n in range(MAX_TENANTS + 1)),
        ),
    ],
)
def test_nonsense_is_not_signed(pause: Pause) -> None:
    with pytest.raises(ValueError):
        sign_pause(pause, OPERATOR.private)
