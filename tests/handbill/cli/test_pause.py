"""`handbill pause`: with a key and a store, whatever else is down."""

from __future__ import annotations

import shutil
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


def test_plain_keys_may_where_they_rule(rooted: RootedStore) -> None:
    shutil.rmtree(rooted.folder / "store/root")
    assert rooted.pause("--all", key="publisher", trust="").exit_code == 0


def test_a_stop_that_no_runtime_would_obey_is_not_called_one(rooted: RootedStore) -> None:
    done = rooted.pause("--all", key="publisher", trust="")
    assert done.exit_code == 1 and "error[HB830]" in done.stderr
    assert "--trust root.json" in done.stderr
    assert not (rooted.folder / "store/environments/staging/pause").exists()


def test_several_operators_sign_where_several_are_asked_for(rooted: RootedStore) -> None:
    rooted.add_operator("successor", threshold=2)
    alone = rooted.pause("--all")
    assert alone.exit_code == 1 and "error[HB877]" in alone.stderr
    assert "2 operators sign: --key, and --cosign" in alone.stderr
    assert rooted.pause("--all", "--cosign", "@operator").exit_code == 1
    together = rooted.pause("--all", "--cosign", "@successor")
    assert together.exit_code == 0 and "everybody" in together.stdout
    assert rooted.resume("--all").exit_code == 1
    assert rooted.resume("--all", "--cosign", "@successor").exit_code == 0


def test_a_damaged_root_document_keeps_nobody_from_stopping(rooted: RootedStore) -> None:
    (rooted.folder / "store/root/0000000002").write_bytes(b"?")
    done = rooted.pause("--all")
    assert done.exit_code == 0 and "stopped in staging: everybody" in done.stdout
    assert "warning[HB870]" in done.stderr and "version 1 holds" in done.stderr


@pytest.mark.parametrize("words", [("--tenant", "a\nb"), ("--tenant", "\udcff")])
def test_what_is_not_one_line_of_text_is_told(rooted: RootedStore, words: tuple[str, ...]) -> None:
    done = rooted.pause(*words)
    assert done.exit_code == 2 and "is not one line of text" in done.stderr


def test_more_tenants_than_a_pause_can_name(rooted: RootedStore) -> None:
    done = rooted.pause(*(word for n in range(10_001) for word in ("--tenant", f"t{n}")))
    assert done.exit_code == 1 and "error[HB876]" in done.stderr and "stop all" in done.stderr


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
