from __future__ import annotations

import base64
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.secrets import Secrets, load_secrets

LONG = "0123456789abcdef0123"


def test_from_a_file_and_from_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = b"k" * 32
    token = f"whsec_{base64.b64encode(key).decode()}"
    (tmp_path / "secret").write_text(f"\n{LONG}\n  {token} \n\n")
    assert load_secrets(str(tmp_path / "secret")) == Secrets((LONG.encode(),), (key,))
    monkeypatch.setenv("HOOK", LONG)
    assert load_secrets("env:HOOK") == Secrets((LONG.encode(),))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("xyzzy", "can be guessed"),
        (f"{LONG}\nxyzzy", "can be guessed"),
        ("whsec_!!!!!!!!!!!!!!!!!!!", "base64"),
        ("whsec_YWJjZGVmZ2g=", "base64"),
        ("whsec_é234567890123456", "base64"),
    ],
)
def test_what_is_no_secret(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "secret").write_text(text)
    refused = load_secrets(str(tmp_path / "secret"))
    assert isinstance(refused, Diagnostic) and refused.code == "HB859" and says in refused.message
    assert LONG not in refused.message and "whsec_YW" not in refused.message


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00" * 20)
    for reference in (
        str(tmp_path / "nowhere"),
        str(tmp_path),
        str(tmp_path / "binary"),
        "env:NOT",
    ):
        refused = load_secrets(reference)
        assert isinstance(refused, Diagnostic) and refused.code == "HB859"
