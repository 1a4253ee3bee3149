from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from handbill.publish.keys import generate_key, load_key, public_path, write_key
from handbill.store.errors import KeyUnusable
from handbill.store.keys import load_trusted


def test_a_written_key_loads_and_its_public_half_is_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "handbill.key"
    key = generate_key()
    write_key(path, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    loaded, warnings = load_key(str(path))
    assert loaded.public == key.public and warnings == ()
    assert load_trusted([str(public_path(path))]) == (key.public,)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "handbill.key"
    write_key(path, generate_key())
    before = path.read_bytes()
    public_path(path).unlink()
    with pytest.raises(KeyUnusable, match="never overwritten"):
        write_key(path, generate_key())
    assert path.read_bytes() == before and not public_path(path).exists()
    path.rename(tmp_path / "elsewhere")
    public_path(path).write_text("in the way")
    with pytest.raises(KeyUnusable, match=r"\.pub is there already"):
        write_key(path, generate_key())
    assert not path.exists()


def test_a_key_that_others_can_read_is_warned_about(tmp_path: Path) -> None:
    path = tmp_path / "handbill.key"
    write_key(path, generate_key())
    path.chmod(0o644)
    _, (warning,) = load_key(str(path))
    assert (warning.code, warning.is_error, warning.hint) == ("HB832", False, f"chmod 600 {path}")


def test_a_key_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "handbill.key"
    key = generate_key()
    write_key(path, key)
    monkeypatch.setenv("SIGNING", path.read_text())
    assert load_key("env:SIGNING")[0].public == key.public
    with pytest.raises(KeyUnusable, match="MISSING holds no key"):
        load_key("env:MISSING")


def test_what_openssl_makes_is_read_or_refused_by_name(tmp_path: Path) -> None:
    for algorithm, refused in (("ed25519", None), ("x25519", "not an Ed25519 key")):
        path = tmp_path / algorithm
        subprocess.run(["openssl", "genpkey", "-algorithm", algorithm, "-out", path], check=True)
        if refused is None:
            load_key(str(path))
        else:
            with pytest.raises(KeyUnusable, match=refused):
                load_key(str(path))
    locked = tmp_path / "locked"
    make = ["openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x"]
    subprocess.run([*make, "-out", locked], check=True)
    with pytest.raises(KeyUnusable, match="passphrase"):
        load_key(str(locked))


@pytest.mark.parametrize("content", ["", "ed25519:AAAA", "-----BEGIN PRIVATE KEY-----\nx\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "handbill.key"
    path.write_text(content)
    with pytest.raises(KeyUnusable, match="not a private key") as refusal:
        load_key(str(path))
    assert "handbill keygen" in (refusal.value.hint or "")


def test_a_missing_file_and_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="No such file"):
        load_key(str(tmp_path / "missing"))
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyUnusable, match="cannot be written"):
        write_key(tmp_path / "file" / "handbill.key", generate_key())
    assert os.listdir(tmp_path) == ["file"]
