from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from handbill.cli.keygen import keygen
from handbill.publish.keys import load_key
from handbill.store.keys import load_trusted


def test_the_public_key_is_printed_and_trusts_the_private_one(tmp_path: Path) -> None:
    path = tmp_path / "production.key"
    result = CliRunner().invoke(keygen, ["--out", str(path)])
    assert result.exit_code == 0
    assert result.stdout.startswith("ed25519:") and "keep it secret" in result.stderr
    key, _ = load_key(str(path))
    assert load_trusted([result.stdout.strip(), f"{path}.pub"]) == (key.public,)


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "production.key"
    CliRunner().invoke(keygen, ["--out", str(path)])
    before = path.read_bytes()
    result = CliRunner().invoke(keygen, ["--out", str(path)])
    assert result.exit_code == 1 and result.stdout == ""
    assert "error[HB830]" in result.stderr and path.read_bytes() == before
