"""A request is measured to the byte as the driver writes it, and none is larger than its bound."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from bounds_world import Written, customer, ops_of
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.language.bounds.payload import Payload
from handbill.language.bounds.world import EMPTY_WORLD, Bound
from handbill.plan.ir import Const, Escape, Field, Op, Put, Text
from handbill.plan.model import (
    BodyArray,
    BodyLiteral,
    BodyObject,
    BodyTemplate,
    BodyText,
    HttpRequest,
    Vendor,
)
from handbill.plan.types import StringType
from handbill_runtime.drivers.body import RequestContract
from handbill_runtime.drivers.driver import Endpoint, Envelope

ANY = StringType(1_000_000)


def put(*path: str) -> Op:
    return Put(Field(path, ANY), Escape.NONE)


TITLE = BodyText(text=(put("parts", "title"),), needs=("title",))
IMAGE = BodyText(text=(put("parts", "image"),), needs=("image",))
BODY: Mapping[str, BodyTemplate] = {
    "to": BodyText(text=(put("message", "address"),)),
    "say": BodyObject(members={"title": TITLE, "image": IMAGE, "é\n": BodyLiteral(value=None)}),
    "only_image": BodyObject(members={"image": IMAGE}),
    "list": BodyArray(items=(TITLE, IMAGE, BodyLiteral(value=True), BodyLiteral(value="ä\t"))),
    "ttl": BodyText(text=(put("parts", "ttl"), Text("s")), needs=("ttl",)),
    "n": BodyLiteral(value=-12),
}
FORM: Mapping[str, BodyTemplate] = {
    "To": BodyText(text=(put("message", "address"),)),
    "Body": TITLE,
    "Media": IMAGE,
    "Tag": BodyArray(items=(BodyLiteral(value="a b"), BodyLiteral(value=False))),
    "n": BodyLiteral(value=7),
    "é": BodyLiteral(value=None),
}


def driver_writes(body: Mapping[str, BodyTemplate], encoding: str, parts: Mapping[str, str]) -> int:
    request = HttpRequest(
        method="POST", path=(), headers={}, encoding=encoding, body=BodyObject(members=body)  # type: ignore[arg-type]
    )  # fmt: skip
    vendor = Vendor(driver="http", request=request)
    envelope = Envelope(
        **dict.fromkeys(Envelope.__dataclass_fields__, "") | {"address": "tok€n", "parts": parts}  # type: ignore[arg-type]
    )  # fmt: skip
    endpoint = Endpoint(
        **dict.fromkeys(Endpoint.__dataclass_fields__, "")
        | {"url": "https://v.example", "vendor": vendor}  # type: ignore[arg-type]
    )
    return len(RequestContract(vendor).fill(endpoint, envelope).content)


@pytest.mark.parametrize(("body", "encoding"), [(BODY, "json"), (FORM, "form")])
@pytest.mark.parametrize(
    "parts",
    [
        {"title": "Hi"},
        {"title": 'a "quoted" \\ line\n', "ttl": "60"},
        {"title": "ça 😀\x01", "image": "https://i.example/a.png"},
        {},
    ],
)
def test_the_size_is_what_the_driver_writes(
    body: Mapping[str, BodyTemplate], encoding: str, parts: dict[str, str]
) -> None:
    payload = Payload(BodyObject(members=body), encoding, frozenset(parts))  # type: ignore[arg-type]
    context = {("parts", name): text for name, text in parts.items()}
    context["message", "address"] = "tok€n"
    assert payload.size(context) == driver_writes(body, encoding, parts)
    texts = {
        path: Bound(Const(StringType(len(text)), text), EMPTY_WORLD)
        for path, text in context.items()
    }
    assert payload.bounds(texts) == (payload.size(context), payload.size(context))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([(BODY, "json"), (FORM, "form")]))
def test_no_request_is_out_of_bounds(
    seed: int, how: tuple[Mapping[str, BodyTemplate], str]
) -> None:
    draw = random.Random(seed)
    ops = ops_of("{{ customer.name }}, {{ customer.tier }} {{ customer.likes | join('\"') }}")
    payload = Payload(BodyObject(members=how[0]), how[1], frozenset({"title"}))  # type: ignore[arg-type]
    texts = {
        ("parts", "title"): Bound(ops, EMPTY_WORLD),
        ("message", "address"): Bound(Field(("a",), StringType(9)), EMPTY_WORLD),
    }
    low, high = payload.bounds(texts)
    write = Written(ops)
    for _ in range(10):
        title = write(customer(draw))
        address = draw.choice(["", "😀" * 9, "\x01" * 9, "abc"])
        size = payload.size({("parts", "title"): title, ("message", "address"): address})
        assert low <= size <= high


def test_nothing_is_still_an_object() -> None:
    empty = Payload(BodyObject(members={"image": IMAGE}), "json", frozenset())
    assert empty.size({}) == len("{}")
