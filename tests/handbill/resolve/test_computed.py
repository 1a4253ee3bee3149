"""Computed fields as layers, and what `why` says of them."""

from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository
from handbill.resolve.why import explain_value

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
FILES = {
    "fields.yaml": "customer.a: '1 > 0'\ncustomer.b: '2 > 0'\ncustomer.c: '3 > 0'\n",
    "groups/harvest/fields.yaml": "customer.b: '4 > 0'\ncustomer.c: null\n",
    "tenants/green/fields.yaml": "customer.b: '5 > 0'\n",
}


def test_the_innermost_has_the_word(resolve: Resolve) -> None:
    repository, found = resolve(FILES)
    assert not [each for each in found if each.is_error]
    cells = repository.tenants["green"].computed.cells
    assert {path[1]: cell.value for path, cell in cells.items()} == {
        "a": "1 > 0",
        "b": "5 > 0",
        "c": None,
    }


def test_a_file_that_is_broken_fails_those_it_reaches(resolve: Resolve) -> None:
    for broken in ("fields.yaml", "groups/harvest/fields.yaml", "tenants/green/fields.yaml"):
        files = {name: text for name, text in FILES.items() if name != broken}
        assert "green" in resolve(files, (broken,))[0].failed
    assert "green" not in resolve(FILES, ("groups/other/fields.yaml",))[0].failed


def test_why_shows_every_layer(resolve: Resolve) -> None:
    tenant = resolve(FILES)[0].tenants["green"]
    campaign = next(iter(tenant.campaigns.values()))
    (explained,) = explain_value(tenant, campaign, "customer.b")
    assert (explained.field, explained.of, explained.value) == (
        "customer.b",
        "tenant green",
        "5 > 0",
    )
    assert [(each.layer, each.value, each.effect) for each in explained.writings] == [
        ("platform", "2 > 0", "replaced"),
        ("group", "4 > 0", "replaced"),
        ("tenant", "5 > 0", "takes effect"),
    ]
    (gone,) = explain_value(tenant, campaign, "customer.c")
    assert gone.writings[-1].effect == "removes it"
