"""`handbill gc` on stores of real files."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from sample_release import compiled, environment, signing_key

from handbill.cli.gc import gc
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.folder import FolderStore
from handbill.store.marks import Marks, read_marks, swap_marks
from handbill.store.pointer import read_pointer
from handbill.store.release import prove_whole
from handbill.store.trust import flat_trust

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """Four releases, the last of which is a month old."""
    store = FolderStore(tmp_path / "store")
    for n in range(4):
        then = datetime.now(UTC) - (150 - 40 * n) * DAY
        publisher = Publisher(store, "production", signing_key(), lambda now=then: now)
        publish(publisher, compiled({"fresh": f"text {n}"}, commit=f"{n}" * 40), environment())
    for path in store.root.rglob("*/*"):
        os.utime(path, ((datetime.now(UTC) - 20 * DAY).timestamp(),) * 2)
    return store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(gc, arguments, catch_exceptions=False)


def test_without_delete_it_only_says_what_would_go(store: FolderStore) -> None:
    before = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    result = run("--store", store.url, "--keep-last", "1")
    assert result.exit_code == 0 and "not marked yet" in result.stdout
    assert "named by nobody" in result.stdout and "--delete would remove 0 files" in result.stdout
    after = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    assert after == before


def test_delete_marks_and_a_later_one_removes(store: FolderStore) -> None:
    first = run("--store", store.url, "--keep-last", "1", "--delete")
    assert "removed 0 files" in first.stdout and "24 h after marking" in first.stdout
    found = read_marks(store)
    old = dict.fromkeys(found.marks.marked, "2026-01-01T00:00:00Z")
    assert old and swap_marks(store, found, Marks(marked=old))
    assert "marked since 2026" in run("--store", store.url, "--keep-last", "1").stdout
    result = run("--store", store.url, "--keep-last", "1", "--delete", "--output", "json")
    told = json.loads(result.stdout)
    assert {each["path"] for each in told["removed"]} == set(old) and told["kept"] > 0
    assert not told["marked"] and not told["waiting"]
    active = read_pointer(store, "production", flat_trust(signing_key().public))
    assert active is not None
    prove_whole(store, active.pointer)
    assert json.loads(run("--store", store.url, "--output", "json").stdout)["garbage"] == []


def test_a_store_that_cannot_be_understood_is_left_alone(store: FolderStore) -> None:
    store.put({"environments/production/pointer": b"rubbish"})
    result = run("--store", store.url, "--delete")
    assert result.exit_code == 1 and "HB861" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--store URL"),
        (("--store", "x", "--keep", "soon"), "36h or 30d"),
        (("--store", "x", "--grace", "0h"), "36h or 30d"),
    ],
)
def test_what_is_missing_or_makes_no_sense(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and said in result.output


def test_the_store_of_an_environment(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "handbill.yaml").write_text("")
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "production.yaml").write_text(f"store: {store.url}\n")
    result = run("--env", "production", "--root", str(tmp_path), "--keep", "20000h")
    assert result.exit_code == 0 and "0 files" in result.stdout
