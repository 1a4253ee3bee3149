"""`handbill root`, file by file."""

from __future__ import annotations

from pathlib import Path

import pytest
from rooted_store import RootedStore


@pytest.fixture
def rooted(tmp_path: Path) -> RootedStore:
    made = RootedStore(tmp_path)
    made.set_up()
    return made


def test_a_signed_document_leads_to_the_next_version(rooted: RootedStore) -> None:
    drafted = rooted.root("add", "@root.json", "--env", "staging", "--publisher", "@successor.pub")
    assert "version 2" in drafted.stdout and "2 missing" in drafted.stdout
    assert "root-2.json, unsigned" in drafted.stderr
    early = rooted.root("publish", "@root-2.json", "--store", "@store")
    assert early.exit_code == 1 and "error[HB871]" in early.stderr
    once = rooted.root("sign", "@root-2.json", "--key", "@carol", "--before", "@root.json")
    assert once.stdout.count("1 missing") == 2
    rooted.root("sign", "@root-2.json", "--key", "@bob")
    assert rooted.root("publish", "@root-2.json", "--store", "@store").exit_code == 0
    shown = rooted.root("show", "@root.json", "--store", "@store").stdout
    assert "version 2" in shown and shown.count("complete") == 2 and shown.count("  signed") == 2


def test_a_draft_is_changed_in_place_until_somebody_signs(rooted: RootedStore) -> None:
    rooted.root("renew", "@root.json", "--days", "10", "--out", "@next.json")
    changed = rooted.root("add", "@next.json", "--runtime", f"one={rooted.folder}/carol.pub")
    assert "version 2" in changed.stdout and "runtime one: ed25519:" in changed.stdout
    assert rooted.root("sign", "@next.json", "--key", "@alice").exit_code == 0
    partly = rooted.root("add", "@next.json", "--runtime", f"two={rooted.folder}/bob.pub")
    assert partly.exit_code == 1 and "error[HB871]" in partly.stderr


def test_no_draft_goes_over_signatures(rooted: RootedStore) -> None:
    signed = (rooted.folder / "root.json").read_bytes()
    for words in (["init", "--root-key", "@carol.pub"], ["renew", "@root.json"]):
        done = rooted.root(*words, "--out", "@root.json")
        assert done.exit_code == 1 and "error[HB884]" in done.stderr and "--out" in done.stderr
    assert (rooted.folder / "root.json").read_bytes() == signed
    (rooted.folder / "notes").write_text("anything")
    assert rooted.root("init", "--root-key", "@carol.pub", "--out", "@notes").exit_code == 0


def test_a_full_disk_leaves_the_signatures_that_were_there(
    rooted: RootedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = (rooted.folder / "root.json").read_bytes()

    def cut_off(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", cut_off)
    with pytest.raises(OSError, match="No space"):
        rooted.root("sign", "@root.json", "--key", "@carol")
    assert (rooted.folder / "root.json").read_bytes() == signed
    assert not list(rooted.folder.glob(".root.json*"))


def test_a_key_is_revoked(rooted: RootedStore) -> None:
    rooted.root(
        "add", "@root.json", "--env", "staging", "--publisher", "@successor.pub", "--out", "@n"
    )
    done = rooted.root("revoke", "@n", "@publisher.pub", "--env", "staging")
    assert "publishers, 1 of 1 sign" in done.stdout
    again = rooted.root("revoke", "@n", "@publisher.pub")
    assert again.exit_code == 1 and "error[HB874]" in again.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["show", "@alice.pub"], "HB870"),
        (["show", "@missing"], "HB870"),
        (["sign", "@root.json", "--key", "@operator"], "HB874"),
        (["sign", "@root.json", "--key", "@missing"], "HB830"),
        (["init", "--root-key", "@nobody.pub"], "HB830"),
        (["init", "--root-key", "@alice.pub", "--root-threshold", "2"], "HB830"),
        (["add", "@root.json", "--env", "b", "--operator", "@operator.pub"], "HB830"),
        (["publish", "@root.json", "--store", "@alice"], "HB801"),
    ],
)
def test_mistakes_are_told_with_what_to_do(
    rooted: RootedStore, words: list[str], code: str
) -> None:
    done = rooted.root(*words)
    assert done.exit_code == 1 and f"error[{code}]" in done.stderr


def test_a_publisher_belongs_to_an_environment(rooted: RootedStore) -> None:
    done = rooted.root("add", "@root.json", "--publisher", "@successor.pub")
    assert done.exit_code == 2 and "--env NAME" in done.stderr


def test_nobody_need_be_operator(rooted: RootedStore) -> None:
    done = rooted.root("add", "@root.json", "--env", "production", "--publisher", "@successor.pub")
    assert "operators: nobody" in done.stdout
