"""A mistake in a file that several tenants share is said once, with everybody it reaches."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.merge import merge_tenants

PLACE = SourceRange("channels/email/templates/base.html", 3, 4, 3, 9)


def finding(
    tenant: str | None, message: str = "x", place: SourceRange | None = PLACE
) -> Diagnostic:
    return Diagnostic("HB550", message, place, tenant=tenant, notes=("a note",))


def test_one_finding_names_every_tenant() -> None:
    (merged,) = merge_tenants([finding("blue"), finding("green"), finding("amber")])
    assert merged.notes == ("a note", "it reaches amber, blue, green")
    assert merged.tenant == "blue"


def test_what_concerns_one_tenant_or_all_stays_as_it_is() -> None:
    for one in (finding("blue"), finding(None)):
        assert merge_tenants([one, one]) == (one,)
    assert merge_tenants([finding(None), finding("a"), finding("b")]) == (finding(None),)


def test_other_words_or_another_place_is_another_finding() -> None:
    found = [finding("a"), finding("b", message="y"), finding("c", place=None)]
    assert merge_tenants(found) == tuple(found)
