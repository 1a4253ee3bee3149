from __future__ import annotations

from collections.abc import Callable

from handbill.resolve.typed import typed
from handbill.schema.models.audience import AudienceDocument
from handbill.schema.models.offer import OfferDocument
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]


def test_a_value_that_fits_becomes_the_model(parse: Parse) -> None:
    document = parse("audiences/a.yaml", "include: customer.b")
    audience, found = typed(AudienceDocument, document.value, document)
    assert audience is not None and audience.include == "customer.b"
    assert not found


def test_one_that_does_not_is_a_finding_at_its_line(parse: Parse) -> None:
    document = parse("tenants/t/offers/o.yaml", "valid: {for: 3 days}\nreward: {percent: 150}")
    offer, (found,) = typed(OfferDocument, document.value, document)
    assert offer is None
    assert found.code == "HB447"
    assert "`reward.percent` is not valid" in found.message
    assert str(found.range) == "tenants/t/offers/o.yaml:2:19"


def test_a_finding_about_the_whole_file_stands_at_its_start(parse: Parse) -> None:
    document = parse("audiences/a.yaml", "description: b")
    _, (found,) = typed(AudienceDocument, document.value, document)
    assert found.message.startswith("this file is not valid")
    assert str(found.range) == "audiences/a.yaml:1:1"
