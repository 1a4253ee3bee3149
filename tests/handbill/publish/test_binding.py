from __future__ import annotations

import msgspec
import pytest
from sample_release import channel, compiled, environment

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import Environment
from handbill.publish.binding import unbound_providers, unfit_links


def _found(env: Environment, provider: str = "phones", campaigns: int = 1) -> list[tuple[str, str]]:
    release = compiled({"fresh": {f"c{n}": "x" for n in range(campaigns)}}, provider=provider)
    root = release.release.tenants["fresh"]
    channels = {"push": canonical_bytes(channel())}
    found = unbound_providers(root, release.packs[root], channels, env)
    assert all(diagnostic.is_error and diagnostic.tenant == "fresh" for diagnostic in found)
    return [
        (diagnostic.code, "\n".join([diagnostic.message, *diagnostic.notes]))
        for diagnostic in found
    ]


def test_a_bound_provider_is_silent() -> None:
    assert _found(environment()) == []


def test_a_provider_that_the_environment_lacks() -> None:
    ((code, text),) = _found(environment(mail="smtp", text="twilio"), campaigns=7)
    assert code == "HB820"
    assert text.splitlines() == [
        "`fresh` sends push through `phones`, which the environment `production` does not have",
        "used by c0, c1, c2, c3, c4 and 2 more",
        "environments/production.yaml has: `mail`, `text`",
    ]


@pytest.mark.parametrize("contract", ["smtp", "FCM", ""])
def test_a_contract_that_is_no_vendor_of_the_channel(contract: str) -> None:
    ((code, text),) = _found(environment(phones=contract))
    assert code == "HB821"
    assert f"contract `{contract}` is not a vendor of push" in text and "has: `fcm`" in text


def test_an_environment_without_providers() -> None:
    bare = environment().__class__(
        **{
            **{name: getattr(environment(), name) for name in environment().__struct_fields__},
            "providers": {},
        }
    )
    ((code, text),) = _found(bare)
    assert code == "HB820" and text.endswith("has: none")


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("https://go.shop.example", []),
        ("https://go." + "x" * 60 + ".example", ["HB630"]),
        ("https://go.shop.example/?a=b", ["HB630"]),
    ],
)
def test_links_are_as_long_as_messages_were_counted_with(url: str, codes: list[str]) -> None:
    found = unfit_links(msgspec.structs.replace(environment(), public_url=url))
    assert [each.code for each in found] == codes
    assert all(url in each.notes[0] and each.is_error for each in found)
