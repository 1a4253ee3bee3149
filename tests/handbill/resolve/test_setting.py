from __future__ import annotations

from collections.abc import Callable

from handbill.resolve.catalogue import catalogue_of
from handbill.resolve.layers import Layer
from handbill.resolve.retailer import Source, resolve_retailer
from handbill.resolve.setting import Setting
from handbill.resolve.shared import resolve_channels
from handbill.schema.contracts import ChannelContract
from handbill.source.layout import classify
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]
TEXTS = {
    "handbill.yaml": "categories: {promotions: {class: marketing}}",
    "channels/sms/channel.yaml": "address: phone\nparts: {body: {kind: text}}",
    "audiences/all.yaml": "include: everyone",
    "blueprints/b/audiences/some.yaml": "include: customer.some",
}


def test_a_setting_answers_what_campaigns_ask(parse: Parse, tenant: str) -> None:
    file = "tenants/green/tenant.yaml"
    documents = {path: parse(path, text) for path, text in {**TEXTS, file: tenant}.items()}
    places = {path: place for path in documents if (place := classify(path))}
    catalogue = catalogue_of(documents, places)
    sources = [
        Source(Layer.PLATFORM, "", documents["handbill.yaml"]),
        Source(Layer.TENANT, "tenants/green", documents[file]),
    ]
    retailer, found = resolve_retailer("green", sources)
    assert retailer is not None and not found
    channels = resolve_channels(catalogue)
    contracts = {"sms": ChannelContract("sms", channels["sms"].contract)}
    setting = Setting(retailer, catalogue, channels, contracts)
    assert setting.tenant == "green"
    assert setting.sends_on == ("email", "sms")
    assert set(setting.audiences()) == {"all"}
    assert set(setting.audiences("b")) == {"all", "some"}
    assert setting.audiences("b") is setting.audiences("b")
    assert setting.shelves("b").roots[1] == "groups/harvest"
