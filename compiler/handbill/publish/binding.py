"""Whether an environment has every provider that a tenant's plans send through.

Plans name providers; only the environment says what those are. A name that it lacks, or one whose
contract is not a vendor of that channel, could never be sent: so it is found before publishing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.generated_links import PUBLIC_URL_MAXIMUM, is_fit_for_links
from handbill.plan.model import Digest, Environment, Tenant


class _Sender(msgspec.Struct):
    providers: tuple[str, ...]


class _Sending(msgspec.Struct):
    """The little of a plan that matters here: the rest is not decoded."""

    campaign: str
    senders: dict[str, _Sender] = {}


class _Vendors(msgspec.Struct):
    vendors: dict[str, msgspec.Raw] = {}


_plan_decoder = msgspec.json.Decoder(_Sending)
_channel_decoder = msgspec.json.Decoder(_Vendors)
_tenant_decoder = msgspec.json.Decoder(Tenant)


def unbound_providers(
    tenant: Digest,
    objects: Mapping[Digest, bytes],
    channels: Mapping[str, bytes],
    environment: Environment,
) -> tuple[Diagnostic, ...]:
    """One error for each provider that a tenant cannot send through, in the order of their names.

    `objects` is the tenant's pack, `channels` the canonical bytes of the release's channels.
    """
    name = _tenant_decoder.decode(objects[tenant]).name
    vendors = {
        channel: _channel_decoder.decode(data).vendors.keys() for channel, data in channels.items()
    }
    used: dict[tuple[str, str], list[str]] = {}
    for channel, provider, campaign in _uses(tenant, objects):
        used.setdefault((channel, provider), []).append(campaign)
    found: list[Diagnostic] = []
    for (channel, provider), campaigns in sorted(used.items()):
        bound = environment.providers.get(provider)
        if bound is None:
            found.append(_missing(name, channel, provider, campaigns, environment))
        elif bound.contract not in vendors.get(channel, ()):
            offered = sorted(vendors.get(channel, ()))
            found.append(_mismatched(name, channel, provider, bound.contract, offered, environment))
    return tuple(found)


def unfit_links(environment: Environment) -> tuple[Diagnostic, ...]:
    """One error where the links below the environment's public URL are not as messages were counted
    with: a longer one could make an SMS or a push of every tenant too long."""
    if is_fit_for_links(environment.public_url):
        return ()
    return (
        Diagnostic(
            "HB630",
            f"the `public_url` of `{environment.name}` is longer than messages were counted with, or "
            "holds other characters",
            notes=(f"it is {environment.public_url}",),
            hint=f"at most {PUBLIC_URL_MAXIMUM} letters, digits and -._:/ in "
            f"environments/{environment.name}.yaml: https://go.shop.example",
        ),
    )


def _uses(tenant: Digest, objects: Mapping[Digest, bytes]) -> Iterator[tuple[str, str, str]]:
    for plan in _tenant_decoder.decode(objects[tenant]).plans.values():
        sending = _plan_decoder.decode(objects[plan])
        for channel, sender in sending.senders.items():
            for provider in sender.providers:
                yield channel, provider, sending.campaign


def _missing(
    tenant: str, channel: str, provider: str, campaigns: list[str], environment: Environment
) -> Diagnostic:
    have = ", ".join(f"`{name}`" for name in sorted(environment.providers)) or "none"
    return Diagnostic(
        "HB820",
        f"`{tenant}` sends {channel} through `{provider}`, "
        f"which the environment `{environment.name}` does not have",
        tenant=tenant,
        notes=(_campaigns(campaigns), f"environments/{environment.name}.yaml has: {have}"),
        hint=f"add `{provider}` to `providers` in environments/{environment.name}.yaml, or name "
        f"another in channels.{channel}.provider of tenants/{tenant}/tenant.yaml",
    )


def _mismatched(
    tenant: str,
    channel: str,
    provider: str,
    contract: str,
    offered: list[str],
    environment: Environment,
) -> Diagnostic:
    have = ", ".join(f"`{name}`" for name in offered) or "none"
    return Diagnostic(
        "HB821",
        f"`{tenant}` sends {channel} through `{provider}`, "
        f"but its contract `{contract}` is not a vendor of {channel}",
        tenant=tenant,
        notes=(f"channels/{channel}/ has: {have}",),
        hint=f"correct `contract` of `{provider}` in environments/{environment.name}.yaml, "
        f"or add channels/{channel}/{contract}.yaml",
    )


def _campaigns(campaigns: list[str]) -> str:
    shown = ", ".join(sorted(set(campaigns))[:5])
    more = len(set(campaigns)) - 5
    return f"used by {shown}" + (f" and {more} more" if more > 0 else "")
