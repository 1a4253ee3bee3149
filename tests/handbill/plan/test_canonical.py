import contextlib

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan import canonical
from handbill.plan.canonical import (
    CanonicalError,
    ObjectError,
    canonical_bytes,
    decode_object,
    digest_of,
)
from handbill.plan.ir import Call, Const, Operation, Put, Text
from handbill.plan.model import AtTrigger, Environment, Release, Table
from handbill.plan.types import BoolType, IntType, StringType

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=6)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
RELEASES = st.builds(
    lambda tenants, channels: Release(format=1, tenants=tenants, channels=channels),
    st.dictionaries(TEXT.map(lambda text: text.encode("unicode_escape").decode()), HEX, max_size=5),
    st.dictionaries(st.sampled_from(["email", "push", "sms"]), HEX),
)


@given(JSON)
def test_the_bytes_are_those_of_rfc_8785(value):
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(RELEASES)
def test_objects_are_rfc_8785_and_come_back(release):
    data = canonical_bytes(release)
    assert data == rfc8785.dumps(msgspec.json.decode(data))
    assert decode_object(data) == release


@given(RELEASES, st.data())
def test_a_changed_byte_is_another_object_or_refused(release, draw):
    data = bytearray(canonical_bytes(release))
    place = draw.draw(st.integers(0, len(data) - 1))
    data[place] ^= draw.draw(st.integers(1, 255))
    with contextlib.suppress(ObjectError):
        assert decode_object(bytes(data)) != release


def test_keys_are_sorted_whatever_the_order_of_making():
    one = Release(format=1, tenants={"b": "2", "a": "1"}, channels={})
    two = Release(format=1, channels={}, tenants={"a": "1", "b": "2"})
    assert canonical_bytes(one) == canonical_bytes(two)


def test_equal_values_made_differently_have_one_digest():
    """msgspec omits defaults by identity; see IntType."""
    plain = IntType()
    counted = IntType(minimum=int("-9007199254740991"), maximum=int("9007199254740991"))
    assert canonical_bytes(plain) == canonical_bytes(counted)
    joined = AtTrigger(at="x", timezone="".join(["custo", "mer"]), missed="".join(["la", "te"]))
    assert canonical_bytes(joined) == canonical_bytes(AtTrigger(at="x"))


def test_integers_beyond_double_precision_keep_all_their_digits():
    assert (
        canonical_bytes([2**63 - 1, -(2**70)]) == b"[9223372036854775807,-1180591620717411303424]"
    )
    const = Const(IntType(0, 2**63 - 1), 2**63 - 1)
    assert msgspec.json.decode(canonical_bytes(const), type=Const) == const


@pytest.mark.parametrize(
    "value",
    [1.5, [float("nan")], {"a": {"b": 0.0}}, "\ud800", object()],
    ids=["float", "nan", "inside", "surrogate", "object"],
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(CanonicalError):
        canonical_bytes(value)


def test_a_key_beyond_the_bmp_is_refused_but_text_is_not():
    assert canonical_bytes({"a": "😀"}) == rfc8785.dumps({"a": "😀"})
    with pytest.raises(CanonicalError, match="Basic Multilingual Plane"):
        canonical_bytes({"😀": 1, "\uffee": 2})


def nested(levels):
    expression = Const(BoolType(), True)
    for _ in range(levels):
        expression = Call(Operation.NOT, (expression,), BoolType())
    return expression


def test_depth_is_bounded_on_both_ways():
    assert canonical_bytes(nested(90))
    with pytest.raises(CanonicalError, match="deeper"):
        canonical_bytes(nested(110))
    with pytest.raises(CanonicalError):
        canonical_bytes(nested(5000))
    with pytest.raises(ObjectError, match="deeper"):
        decode_object(b"[" * 100_000 + b"]" * 100_000)


def test_brackets_inside_text_are_not_depth():
    text = Text('[{"\\' * 500)
    assert msgspec.json.decode(canonical_bytes(text), type=Text) == text


def test_size_is_bounded(monkeypatch):
    monkeypatch.setattr(canonical, "MAX_BYTES", 100)
    table = Table(columns=("a",), rows=(("x" * 200,),))
    with pytest.raises(CanonicalError, match="larger"):
        canonical_bytes(table)
    with pytest.raises(ObjectError, match="larger"):
        decode_object(b" " * 101)


TABLE = b'{"columns":["a"],"object":"table","rows":[["x"],[null]]}'


@pytest.mark.parametrize(
    "data",
    [
        TABLE + b" ",
        TABLE.replace(b",", b", "),
        TABLE.replace(b'"a"', b'"\\u0061"'),
        TABLE.replace(b'"columns":["a"],', b"") + b"",
        b'{"object":"table","columns":["a"],"rows":[]}',
        TABLE[:-1] + b',"zebra":1}',
        TABLE.replace(b'"table"', b'"tablet"'),
        TABLE.replace(b'["x"]', b"[1]"),
        TABLE[:-3],
        b"",
        b"\xff",
        b'{"columns":["a"],"columns":["a"],"object":"table","rows":[]}',
    ],
)
def test_only_canonical_bytes_of_a_known_object_are_decoded(data):
    assert isinstance(decode_object(TABLE), Table)
    with pytest.raises(ObjectError):
        decode_object(data)


def test_a_default_that_is_written_out_is_refused():
    environment = Environment(
        name="e", recipients="seeds", data_root="d", store="s", ledger="l", public_url="p",
        assets_url="a", providers={},
    )  # fmt: skip
    data = canonical_bytes(environment)
    assert decode_object(data) == environment
    with pytest.raises(ObjectError, match="canonical"):
        decode_object(data.replace(b'{"assets', b'{"allowlist":[],"assets'))


def test_digest():
    assert digest_of(b"abc") == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_template_operations_round_trip():
    put = Put(Const(StringType(3), "a&b"), "html_text")
    assert msgspec.json.decode(canonical_bytes(put), type=Put).expression == put.expression
