"""`handbill pause`: with a key and a store, whatever else is down."""

from __future__ import annotations

from pathlib import Path

import pytest
from rooted_store import RootedStore


@pytest.fixture
def rooted(tmp_path: Path) -> RootedStore:
    made = RootedStore(tmp_path)
    made.set_up()
    return made


def test_an_operator_stops_some_or_all(rooted: RootedStore) -> None:
    some = rooted.pause("--tenant", "fresh", "--tenant", "corner")
    assert some.exit_code == 0 and some.stdout.endswith("stopped in staging: corner, fresh\n")
    assert "runs no tenant of this name: corner, fresh" in some.stderr
    assert rooted.pause("--all").stdout.endswith("stopped in staging: everybody\n")


def test_a_publisher_may_not(rooted: RootedStore) -> None:
    done = rooted.pause("--all", key="publisher")
    assert done.exit_code == 1 and "error[HB877]" in done.stderr and "--key" in done.stderr


def test_plain_keys_may(rooted: RootedStore) -> None:
    assert rooted.pause("--all", key="publisher", trust="").exit_code == 0


def test_it_must_be_said_whom(rooted: RootedStore) -> None:
    for words in ((), ("--all", "--tenant", "fresh")):
        done = rooted.pause(*words)
        assert done.exit_code == 2 and "--tenant NAME, or --all" in done.stderr


def test_a_damaged_file_is_replaced(rooted: RootedStore) -> None:
    rooted.pause("--tenant", "fresh")
    (rooted.folder / "store/environments/staging/pause").write_bytes(b"?")
    done = rooted.pause("--tenant", "corner")
    assert done.exit_code == 0 and "corner, fresh" in done.stdout
    assert "warning[HB876]" in done.stderr


def test_a_missing_key_is_told(rooted: RootedStore) -> None:
    done = rooted.pause("--all", key="nobody")
    assert done.exit_code == 1 and "error[HB830]" in done.stderr
