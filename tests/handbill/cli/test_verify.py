"""`handbill verify`: what was proved, and the place of each fault."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from handbill.cli.verify import verify


def ask(published, *more: str):  # type: ignore[no-untyped-def]
    place = ["--env", "staging", "--repo", str(published.folder), "--trust", f"{published.key}.pub"]
    return CliRunner().invoke(verify, [*place, *more], catch_exceptions=False)


def test_what_is_sound_is_said_to_be(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    done = ask(published)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "no root document: 1 key given with --trust"
    assert done.stdout.endswith("staging is sound\n")


def test_each_fault_has_its_place(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    for pack in (published.store / "packs").iterdir():
        pack.write_bytes(pack.read_bytes()[:-1])
    done = ask(published)
    assert done.exit_code == 1 and "error[HB805]" in done.stdout
    assert "--> packs/" in done.stdout and "staging is not sound: 2 faults" in done.stdout
    document = json.loads(ask(published, "--output", "json").stdout)
    assert document["version"] == 1 and len(document["faults"]) == 2
    assert document["pointer"]["sequence"] == 1


def test_nothing_published_is_not_sound(published) -> None:  # type: ignore[no-untyped-def]
    done = ask(published)
    assert done.exit_code == 1 and "--> environments/staging/pointer" in done.stdout


def test_a_key_that_cannot_be_read_is_told(published, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = ask(published, "--trust", str(tmp_path / "missing"))
    assert done.exit_code == 1 and "error[HB830]" in done.stderr
