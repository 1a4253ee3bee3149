from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sample_release import signing_key

from handbill.store.errors import KeyUnusable
from handbill.store.keys import load_trusted, parse_public_keys

PEM = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _pem(number: int) -> str:
    return signing_key(number).private.public_key().public_bytes(*PEM).decode()


def test_two_spellings_are_one_key() -> None:
    one = signing_key(1).public
    assert parse_public_keys(str(one)) == parse_public_keys(_pem(1)) == (one,)
    assert one.key_id != signing_key(2).public.key_id


def test_a_file_may_hold_several_keys(tmp_path: Path) -> None:
    lines = tmp_path / "trusted"
    lines.write_text(f"# the old one\n{signing_key(1).public}\n\n{signing_key(2).public}\n")
    pems = tmp_path / "trusted.pem"
    pems.write_text(_pem(2) + _pem(3))
    keys = load_trusted([str(lines), str(pems), str(signing_key(1).public)])
    assert keys == tuple(signing_key(number).public for number in (1, 2, 3))


def test_a_key_made_by_openssl_is_read(tmp_path: Path) -> None:
    private, public = tmp_path / "k", tmp_path / "k.pub"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private], check=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    assert len(load_trusted([str(public)])) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no public key"),
        ("# only a comment", "no public key"),
        ("ssh-ed25519 AAAA", "not a public key"),
        ("ed25519:!!!!", "not base64"),
        ("ed25519:AAAA", "3 bytes instead of 32"),
        ("-----BEGIN PUBLIC KEY-----\nxxxx\n-----END PUBLIC KEY-----", "not a public key"),
        ("-----BEGIN PUBLIC KEY-----\ncut off", "no public key"),
    ],
)
def test_what_is_no_key_is_refused(text: str, message: str) -> None:
    with pytest.raises(KeyUnusable, match=message) as refusal:
        parse_public_keys(text)
    assert refusal.value.hint


def test_another_algorithm_is_refused() -> None:
    public = generate_private_key(65537, 2048).public_key()
    with pytest.raises(KeyUnusable, match="not an Ed25519 key"):
        parse_public_keys(public.public_bytes(*PEM).decode())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match=r"missing\.pub cannot be read: No such file"):
        load_trusted([str(tmp_path / "missing.pub")])
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(KeyUnusable, match="it is not text"):
        load_trusted([str(binary)])
    empty = tmp_path / "empty"
    empty.write_text("")
    with pytest.raises(KeyUnusable, match="empty: there is no public key"):
        load_trusted([str(empty)])
