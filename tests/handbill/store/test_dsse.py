"""DSSE against its published vectors, and against envelopes that lie."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from sample_release import signing_key

from handbill.store import dsse
from handbill.store.keys import PublicKey

KIND = "http://example.com/HelloWorld"


@pytest.mark.parametrize(
    ("kind", "body", "encoded"),
    [
        (KIND, b"hello world", b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"),
        ("", b"", b"DSSEv1 0  0 "),
        (KIND, "ಠ".encode(), "DSSEv1 29 http://example.com/HelloWorld 3 ಠ".encode()),
    ],
)
def test_the_published_pre_authentication_encodings(kind: str, body: bytes, encoded: bytes) -> None:
    assert dsse.pae(kind, body) == encoded


def test_the_signature_of_the_protocol_page_is_over_our_encoding() -> None:
    """protocol.md's envelope: ECDSA P-256, raw r and s; only the encoding is under test."""
    public = ec.EllipticCurvePublicNumbers(
        46950820868899156662930047687818585632848591499744589407958293238635476079160,
        5640078356564379163099075877009565129882514886557779369047442380624545832820,
        ec.SECP256R1(),
    ).public_key()
    raw = base64.b64decode(
        "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    )
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public.verify(signature, dsse.pae(KIND, b"hello world"), ec.ECDSA(SHA256()))


@pytest.mark.parametrize(
    ("secret", "public", "message", "signature"),
    [  # RFC 8032, section 7.1, tests 1 to 3
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
            "39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
            "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67"
            "f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_the_published_ed25519_vectors(
    secret: str, public: str, message: str, signature: str
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert key.sign(bytes.fromhex(message)).hex() == signature
    trusted = PublicKey(bytes.fromhex(public))
    assert trusted.verifies(bytes.fromhex(signature), bytes.fromhex(message))
    assert not trusted.verifies(bytes.fromhex(signature), bytes.fromhex(message) + b"x")


@given(st.binary(max_size=200), st.text(max_size=30))
def test_what_was_signed_is_what_is_read(payload: bytes, kind: str) -> None:
    key = signing_key()
    envelope = dsse.sign(kind, payload, [key.private])
    assert dsse.verify(envelope, kind, [key.public]) == payload
    assert dsse.is_canonical(envelope)
    with pytest.raises(dsse.EnvelopeError):
        dsse.verify(envelope, kind + "x", [key.public])


def test_both_alphabets_of_base64_are_read() -> None:
    key = signing_key()
    envelope = json.loads(dsse.sign(KIND, b"\xfb\xff\xfe", [key.private]))
    assert "+" in envelope["payload"] or "/" in envelope["payload"]
    envelope["payload"] = envelope["payload"].replace("+", "-").replace("/", "_")
    sig = envelope["signatures"][0]
    sig["sig"] = sig["sig"].replace("+", "-").replace("/", "_")
    data = json.dumps(envelope).encode()
    assert dsse.verify(data, KIND, [key.public]) == b"\xfb\xff\xfe"
    assert not dsse.is_canonical(data)


def test_one_key_under_two_ids_is_one_signature() -> None:
    one, two = signing_key(1), signing_key(2)
    envelope = json.loads(dsse.sign(KIND, b"x", [one.private]))
    envelope["signatures"].append(envelope["signatures"][0] | {"keyid": "another"})
    doubled = json.dumps(envelope).encode()
    with pytest.raises(dsse.SignatureError, match="1 of 2"):
        dsse.verify(doubled, KIND, [one.public, PublicKey(one.public.raw), two.public], threshold=2)
    both = dsse.sign(KIND, b"x", [one.private, two.private])
    assert dsse.verify(both, KIND, [one.public, two.public], threshold=2) == b"x"


def test_a_threshold_of_nothing_still_asks_for_one() -> None:
    with pytest.raises(dsse.SignatureError):
        dsse.verify(dsse.sign(KIND, b"x", []), KIND, [signing_key().public], threshold=0)
    with pytest.raises(dsse.SignatureError):
        dsse.verify(dsse.sign(KIND, b"x", [signing_key().private]), KIND, [])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"payload":"eA==","payloadType":"t"}',
        b'{"payload":"eA==","payloadType":"t","signatures":[],"extra":1}',
        b'{"payload":"!!!!","payloadType":"t","signatures":[{"sig":"eA=="}]}',
        b'{"payload":"eA==","payloadType":"t","signatures":[{"sig":"\xff"}]}',
        b'{"payload":1,"payloadType":"t","signatures":[]}',
        b" " * (dsse.MAX_ENVELOPE_BYTES + 1),
        b'{"payload":"eA==","payloadType":"t","signatures":['
        + b",".join([b'{"sig":"eA=="}'] * 17)
        + b"]}",
    ],
)
def test_what_is_no_envelope_is_refused(data: bytes) -> None:
    with pytest.raises(dsse.EnvelopeError):
        dsse.verify(data, "t", [signing_key().public])
