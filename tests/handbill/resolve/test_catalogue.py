from __future__ import annotations

from collections.abc import Callable

from handbill.resolve.catalogue import Catalogue, catalogue_of
from handbill.source.layout import DocumentKind, classify
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]
PATHS = (
    "handbill.yaml",
    "channels/sms/channel.yaml",
    "channels/sms/twilio.yaml",
    "tenants/a/tenant.yaml",
    "tenants/a/campaigns/x.yaml",
    "tenants/b/campaigns/x.yaml",
    "tenants/a/templates/x.html",
)


def catalogue(parse: Parse, *broken: str) -> Catalogue:
    documents = {path: parse(path, "a: b") for path in PATHS if path not in broken}
    places = {path: place for path in PATHS if (place := classify(path))}
    return catalogue_of(documents, places)


def test_documents_are_found_by_kind_root_and_name(parse: Parse) -> None:
    found = catalogue(parse)
    assert list(found.named(DocumentKind.CAMPAIGN, "tenants/a")) == ["x"]
    assert found.named(DocumentKind.CAMPAIGN, "tenants/a")["x"].file == "tenants/a/campaigns/x.yaml"
    assert list(found.main(DocumentKind.TENANT)) == ["a"]
    assert list(found.named(DocumentKind.VENDOR, "channels/sms")) == ["twilio"]
    assert not found.named(DocumentKind.TEMPLATE, "tenants/a")
    assert [each.file for each in found.found] == sorted(set(PATHS) - {PATHS[-1]})


def test_a_broken_file_is_known_and_has_no_document(parse: Parse) -> None:
    found = catalogue(parse, "tenants/a/campaigns/x.yaml")
    assert found.named(DocumentKind.CAMPAIGN, "tenants/a")["x"].document is None
    assert found.broken == {"tenants/a": ("tenants/a/campaigns/x.yaml",)}
