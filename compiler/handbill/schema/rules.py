"""Rules of one document that JSON Schema cannot say; run only when the schema has nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.plan.generated_links import PUBLIC_URL_MAXIMUM, is_fit_for_links
from handbill.schema import urls
from handbill.schema.contracts import HTML_FIELDS, ChannelContract
from handbill.schema.describe import in_words
from handbill.schema.param_rules import check_params
from handbill.schema.policy_rules import check_policies
from handbill.schema.rollout_rules import check_freezes, check_rings
from handbill.schema.scalars import ScalarError
from handbill.schema.senders import check_sender
from handbill.schema.test_rules import check_test
from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument, Path

Contracts = Mapping[str, ChannelContract]
TEXT_LIMITS = ("warn_over", "lead", "max_segments")
Found = Iterator[Diagnostic]


def check_rules(
    document: LocatedDocument, place: DocumentPlace, contracts: Contracts
) -> tuple[Diagnostic, ...]:
    """Findings about a document that its schema accepts."""
    rules = RULES.get(place.kind, ())
    value = document.value
    assert isinstance(value, dict)
    return tuple(one for rule in rules for one in rule(document, value, contracts))


def at_value(
    document: LocatedDocument, code: str, path: Path, message: str, hint: str | None = None
) -> Diagnostic:
    return Diagnostic(code, message, document.range_of(path), hint=hint)


def at_key(
    document: LocatedDocument, code: str, path: Path, message: str, hint: str | None = None
) -> Diagnostic:
    return Diagnostic(code, message, document.key_range_of(path), hint=hint)


# ── campaigns and offers ─────────────────────────────────────────────────────────────────────────


def check_campaign_fields(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts, path: Path = ()
) -> Found:
    """Rules of the fields that blueprints, groups' defaults and campaigns share."""
    yield from _check_dates(document, value, path)
    yield from _check_cases(document, value.get("offer"), (*path, "offer"))
    for channel, parts in (value.get("message") or {}).items():
        yield from _check_html(document, parts, (*path, "message", channel))
    for name in (value.get("deliver") or {}).get("order") or ():
        yield from _check_channel(document, name, (*path, "deliver", "order"), contracts)
    variants = (value.get("experiment") or {}).get("variants") or {}
    for name, variant in variants.items():
        inner = (*path, "experiment", "variants", name)
        yield from _check_cases(document, variant.get("offer"), (*inner, "offer"))
        for channel, parts in (variant.get("message") or {}).items():
            yield from _check_html(document, parts, (*inner, "message", channel))


def _check_dates(document: LocatedDocument, value: dict[str, Any], path: Path) -> Found:
    starts, ends = value.get("starts"), value.get("ends")
    if isinstance(starts, str) and isinstance(ends, str) and ends <= starts:
        message = f"this campaign ends ({ends}) before it starts ({starts})"
        yield at_value(document, "HB313", (*path, "ends"), message, "swap the two, or mend one")


def _check_cases(document: LocatedDocument, offer: object, path: Path) -> Found:
    """An offer without `when` always applies, so nothing after it ever would."""
    if not isinstance(offer, list):
        return
    for index, case in enumerate(offer[:-1]):
        if case.get("when") is None:
            message = "this offer has no `when`, so those after it are never used"
            yield at_value(document, "HB314", (*path, index), message, "put it last, or add `when`")


def _check_html(document: LocatedDocument, parts: object, path: Path) -> Found:
    if isinstance(parts, dict) and parts.get("template") and parts.get("body"):
        message = "a message has a `template` or a `body`, not both"
        yield at_key(document, "HB315", (*path, "body"), message, "delete one of the two")


def _check_channel(document: LocatedDocument, name: str, path: Path, contracts: Contracts) -> Found:
    if name not in contracts:
        yield at_value(
            document, "HB310", path, f"there is no channel `{name}`", channel_hint(name, contracts)
        )


def channel_hint(name: str, contracts: Contracts) -> str:
    near = closest(name, contracts)
    if near:
        return f"did you mean `{near}`?"
    return f"channels here: {in_words(sorted(contracts))}" if contracts else "add channels/NAME/"


def _check_group(document: LocatedDocument, value: dict[str, Any], contracts: Contracts) -> Found:
    yield from _check_category_channels(document, value, contracts)
    yield from _check_quiet_channels(document, value, contracts)
    yield from _check_instances(document, value, contracts)


def _check_instances(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    for name, fields in (value.get("blueprints") or {}).items():
        if fields:
            yield from check_campaign_fields(document, fields, contracts, ("blueprints", name))


def _check_blueprint(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    yield from check_campaign_fields(document, value, contracts)
    yield from check_params(document, value.get("params") or {})


def _check_offer(document: LocatedDocument, value: dict[str, Any], contracts: Contracts) -> Found:
    valid = value["valid"]
    first, last = valid.get("from"), valid.get("to")
    if isinstance(first, str) and isinstance(last, str) and last < first:
        message = f"this offer ends ({last}) before it begins ({first})"
        yield at_value(document, "HB313", ("valid", "to"), message, "swap the two, or mend one")


# ── platform and tenants ─────────────────────────────────────────────────────────────────────────


def _check_platform(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    yield from _check_category_channels(document, value, contracts)
    yield from _check_quiet_channels(document, value, contracts)
    yield from check_policies(document, value)


def _check_category_channels(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    for name, category in (value.get("categories") or {}).items():
        for field in ("channels", "quiet_hours"):
            for channel in (category or {}).get(field) or {}:
                path = ("categories", name, field, channel)
                yield from _check_channel_key(document, path, contracts)
        for channel, sender in ((category or {}).get("channels") or {}).items():
            path = ("categories", name, "channels", channel)
            if channel in contracts and sender:
                yield from check_sender(document, sender, path, contracts[channel])


def _check_quiet_channels(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    for channel in (value.get("limits") or {}).get("quiet_hours") or {}:
        yield from _check_channel_key(document, ("limits", "quiet_hours", channel), contracts)


def _check_channel_key(document: LocatedDocument, path: Path, contracts: Contracts) -> Found:
    name = str(path[-1])
    if name not in contracts:
        yield at_key(
            document, "HB310", path, f"there is no channel `{name}`", channel_hint(name, contracts)
        )


def _check_tenant(document: LocatedDocument, value: dict[str, Any], contracts: Contracts) -> Found:
    yield from _check_category_channels(document, value, contracts)
    yield from _check_quiet_channels(document, value, contracts)
    for channel, sender in value["channels"].items():
        yield from _check_channel_key(document, ("channels", channel), contracts)
        if channel in contracts:
            yield from check_sender(document, sender, ("channels", channel), contracts[channel])
    for index, channel in enumerate(value.get("channel_order") or ()):
        yield from _check_channel(document, channel, ("channel_order", index), contracts)
    yield from _check_instances(document, value, contracts)
    yield from _check_customers(document, value, contracts)
    yield from _check_languages(document, value)
    yield from _check_seeds(document, value)


def _check_customers(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    customers = value["data"].get("customers")
    if customers is None:
        hint = "customers: {key: id, address: {email: email}}"
        yield at_key(document, "HB302", ("data",), "`data` needs `customers`", hint)
        return
    addresses = customers.get("address") or {}
    for channel in addresses:
        path = ("data", "customers", "address", channel)
        yield from _check_channel_key(document, path, contracts)
    for channel in value["channels"]:
        if channel in contracts and channel not in addresses:
            message = f"nothing says which field of the customers holds their {channel} address"
            hint = f"data: {{customers: {{address: {{{channel}: FIELD}}}}}}"
            yield at_key(document, "HB316", ("channels", channel), message, hint)


def _check_languages(document: LocatedDocument, value: dict[str, Any]) -> Found:
    locales = value.get("locales")
    if locales and value["locale"] not in locales:
        message = f"`locales` lacks the tenant's own locale {value['locale']}"
        hint = f"locales: [{', '.join([value['locale'], *locales])}]"
        yield at_value(document, "HB317", ("locales",), message, hint)


def _check_seeds(document: LocatedDocument, value: dict[str, Any]) -> Found:
    channels = value["channels"]
    for index, seed in enumerate(value.get("seeds") or ()):
        name = seed.partition(":")[0]
        if name not in channels:
            message = f"this tenant has no channel `{name}`"
            near = closest(name, channels)
            hint = f"did you mean `{near}`?" if near else f"channels: {in_words(list(channels))}"
            yield at_value(document, "HB310", ("seeds", index), message, hint)


# ── channels ─────────────────────────────────────────────────────────────────────────────────────


def _check_contract(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    html = [name for name, part in value["parts"].items() if part["kind"] == "html"]
    for name in html[1:]:
        message = f"a channel has one html part, and `{html[0]}` already is one"
        yield at_key(document, "HB318", ("parts", name), message, "make it text")
    for name, part in value["parts"].items():
        path = ("parts", name)
        if html and name != html[0] and name in HTML_FIELDS:
            message = f"`{name}` is how a message writes its html part, so no part can be named so"
            yield at_key(document, "HB318", path, message, "name it differently")
        if part["kind"] == "enum" and not part.get("values"):
            message = "an enum part needs the values that it may have"
            yield at_key(document, "HB318", path, message, "values: [normal, high]")
        for limit in TEXT_LIMITS:
            if limit in part and part["kind"] != "text":
                message = f"`{limit}` counts characters of a text, and this part is none"
                yield at_key(document, "HB629", (*path, limit), message, "delete it")


def _check_vendor(document: LocatedDocument, value: dict[str, Any], contracts: Contracts) -> Found:
    if value["driver"] == "smtp":
        for name in ("request", "responses", "idempotency"):
            if name in value:
                message = f"`{name}` is for the driver http; smtp has its own rules"
                yield at_key(document, "HB319", (name,), message, "delete it")
        return
    for name in ("request", "responses"):
        if name not in value:
            message = f"the driver http needs `{name}`"
            hint = "accepted: [2xx]" if name == "responses" else "request: {path: …, body: …}"
            yield at_value(document, "HB302", ("driver",), message, hint)
    request = value.get("request")
    if request is not None and ("body" in request) == ("form" in request):
        message = "a request has a `body` (JSON) or a `form`, and exactly one of them"
        yield at_key(document, "HB319", ("request",), message, "keep one of the two")


def _check_environment(
    document: LocatedDocument, value: dict[str, Any], contracts: Contracts
) -> Found:
    if value.get("recipients") == "allowlist" and not value.get("allowlist"):
        message = "`recipients: allowlist` needs the list"
        hint = 'allowlist: ["email:me@shop.example"]'
        yield at_value(document, "HB302", ("recipients",), message, hint)
    if not is_fit_for_links(value["public_url"]):
        message = "the links in messages would be longer than messages are counted with"
        hint = f"at most {PUBLIC_URL_MAXIMUM} letters, digits and -._:/, as https://go.shop.example"
        yield at_value(document, "HB630", ("public_url",), message, hint)
    if not is_fit_for_links(value["assets_url"]):
        message = "the addresses of pictures would be longer than messages are counted with"
        hint = (
            f"at most {PUBLIC_URL_MAXIMUM} letters, digits and -._:/, as https://cdn.shop.example"
        )
        yield at_value(document, "HB495", ("assets_url",), message, hint)
    yield from _check_url(document, ("store",), value["store"], urls.check_store)
    yield from _check_url(document, ("ledger",), value["ledger"], urls.check_ledger)
    yield from _check_url(document, ("data", "root"), value["data"]["root"], urls.check_data_root)
    for name, provider in value["providers"].items():
        path = ("providers", name, "url")
        yield from _check_url(document, path, provider["url"], urls.check_provider)
    yield from check_rings(document, value.get("rollout") or {})
    yield from check_freezes(document, value.get("freeze") or ())


def _check_url(
    document: LocatedDocument, path: Path, url: str, judge: Callable[[str], None]
) -> Found:
    try:
        judge(url)
    except ScalarError as error:
        yield at_value(document, "HB320", path, str(error), error.hint)


def _check_test(document: LocatedDocument, value: dict[str, Any], contracts: Contracts) -> Found:
    return check_test(document, value)


Rule = Callable[[LocatedDocument, dict[str, Any], Contracts], Found]
RULES: Mapping[DocumentKind, tuple[Rule, ...]] = {
    DocumentKind.PLATFORM: (_check_platform,),
    DocumentKind.TENANT: (_check_tenant,),
    DocumentKind.GROUP: (_check_group,),
    DocumentKind.CAMPAIGN: (check_campaign_fields,),
    DocumentKind.BLUEPRINT: (_check_blueprint,),
    DocumentKind.OFFER: (_check_offer,),
    DocumentKind.CHANNEL: (_check_contract,),
    DocumentKind.VENDOR: (_check_vendor,),
    DocumentKind.ENVIRONMENT: (_check_environment,),
    DocumentKind.TEST: (_check_test,),
}
