"""What is shown where a pointer was to be moved: the same for every command that does it."""

from __future__ import annotations

import json


def test_as_json_with_exit_code_and_diagnostics(published) -> None:  # type: ignore[no-untyped-def]
    published.publish()
    published.subject("Double points this weekend", "Triple points")
    published.publish()
    done = published.rollback("--output", "json", "--reason", "wrong", "--by", "ann")
    document = json.loads(done.stdout)
    assert done.exit_code == 0 and document["diagnostics"] == []
    assert (document["pointer"]["why"], document["pointer"]["by"]) == ("wrong", "ann")


def test_a_key_that_cannot_be_read_is_told(published, tmp_path) -> None:  # type: ignore[no-untyped-def]
    done = published.rollback("--cosign", str(tmp_path / "missing"))
    assert done.exit_code == 1 and "error[HB8" in done.stderr
