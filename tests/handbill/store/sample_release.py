"""Small releases for the tests of the store and of publishing: every object a real plan object.

`compiled({"fresh": "A subject"})` is a release of one tenant with one campaign whose push title
is that text; `environment()` has the provider that it sends through.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.ir import OPERATION_SET, Const, Text
from handbill.plan.model import (
    PLAN_FORMAT,
    Audience,
    Category,
    Channel,
    Content,
    Dataset,
    Deliver,
    Environment,
    Holdout,
    Object,
    PartContract,
    Plan,
    Provider,
    PublishTrigger,
    Reentry,
    Release,
    Sender,
    Table,
    Tenant,
    Variant,
    Vendor,
)
from handbill.plan.types import BoolType
from handbill.publish.keys import SigningKey
from handbill.store.keys import public_key_of

EVERYONE = Const(type=BoolType(), value=True)


def signing_key(number: int = 1) -> SigningKey:
    """The same key for the same number, in every process."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    return SigningKey(private, public_key_of(private))


def plan(tenant: str, campaign: str, text: str, channel: str, provider: str) -> Plan:
    content = Content(locales={"en-US": {"title": (Text(text),)}})
    return Plan(
        format=PLAN_FORMAT,
        operations=OPERATION_SET,
        cases="1",
        tenant=tenant,
        campaign=campaign,
        identity=campaign,
        status="active",
        category=Category(
            name="promotions", kind="marketing", consent="opt_in", sms_consent="opt_in"
        ),
        priority=50,
        timezone="America/New_York",
        trigger=PublishTrigger(),
        audience=Audience(include=EVERYONE),
        fields=(),
        reentry=Reentry(again="never"),
        holdout=Holdout(),
        salt=campaign,
        variants=(
            Variant(name="only", weight=1, offers=(), messages={"main": {channel: content}}),
        ),
        deliver=Deliver(mode="first", order=(channel,)),
        senders={channel: Sender(providers=(provider,), sender="", expires_seconds=86_400)},
        locales=("en-US",),
    )


def channel(name: str = "push", vendor: str = "fcm") -> Channel:
    return Channel(
        name=name,
        parts={"title": PartContract(kind="text", required=True)},
        vendors={vendor: Vendor(driver="smtp")},
    )


def environment(name: str = "production", **providers: str) -> Environment:
    """`providers` is name → contract; without any it is `phones` with the contract `fcm`."""
    return Environment(
        name=name,
        recipients="seeds",
        data_root="file:///data/{tenant}",
        store="file:///store",
        ledger="sqlite:///ledger.db",
        public_url="https://go.handbill.example",
        assets_url="https://cdn.handbill.example",
        providers={
            provider: Provider(contract=contract, url="http://localhost:1/")
            for provider, contract in (providers or {"phones": "fcm"}).items()
        },
    )


def compiled(
    texts: Mapping[str, str | Mapping[str, str]],
    *,
    failed: Collection[str] = (),
    commit: str = "c" * 40,
    provider: str | Mapping[str, str] = "phones",
    channels: Mapping[str, str] | None = None,
) -> CompiledRelease:
    """`texts` is tenant → text, or tenant → campaign → text; `channels` is tenant → channel."""
    packs: dict[str, dict[str, bytes]] = {}
    tenants: dict[str, str] = {}
    used = {"push"} if channels is None else {channels.get(name, "push") for name in texts}
    for name, text in texts.items():
        campaigns = {"hello": text} if isinstance(text, str) else text
        through = provider if isinstance(provider, str) else provider[name]
        on = (channels or {}).get(name, "push")
        plans = {key: plan(name, key, value, on, through) for key, value in campaigns.items()}
        tenants[name], objects = _tenant(name, plans)
        packs[tenants[name]] = objects
    own = dict(_stored(channel(name)) for name in sorted(used))
    release = Release(
        format=PLAN_FORMAT,
        tenants=tenants,
        channels={name: _stored(channel(name))[0] for name in sorted(used)},
    )
    digest, data = _stored(release)
    packs[digest] = {digest: data} | own
    return CompiledRelease(release, digest, packs, tuple(failed), commit)


def every_file(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def _tenant(name: str, plans: Mapping[str, Plan]) -> tuple[str, dict[str, bytes]]:
    table = Table(columns=("id", "city"), rows=(("1", "Boston"), ("2", None)))
    objects = dict(_stored(item) for item in (table, *plans.values()))
    tenant = Tenant(
        name=name,
        display_name=name.title(),
        locale="en-US",
        timezone="America/New_York",
        postal_address="1 Main Street",
        seeds=(),
        datasets={
            "stores": Dataset(name="stores", key=("id",), columns=(), table=_stored(table)[0])
        },
        plans={campaign: _stored(item)[0] for campaign, item in plans.items()},
    )
    digest, data = _stored(tenant)
    return digest, {digest: data} | objects


def _stored(item: Object) -> tuple[str, bytes]:
    data = canonical_bytes(item)
    return digest_of(data), data
