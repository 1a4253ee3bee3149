"""A file that nothing would read is an error where it may be meant for Handbill."""

from __future__ import annotations

import pytest

from handbill.source.misplaced import check_layout


def codes(*paths: str) -> list[tuple[str, str]]:
    found = check_layout({"handbill.yaml", *paths})
    return [(one.code, one.range.file if one.range else "") for one in found]


def hints(*paths: str) -> list[str | None]:
    return [one.hint for one in check_layout({"handbill.yaml", *paths})]


def test_a_tidy_configuration_has_no_findings() -> None:
    tidy = ("tenants/ff/tenant.yaml", "tenants/ff/campaigns/sale.yaml", "tenants/ff/README.md")
    assert codes(*tidy, "docs/mkdocs.yaml", "mkdocs.yml", ".github/workflows/ci.yaml") == []


@pytest.mark.parametrize(
    ("path", "code", "hint"),
    [
        ("tenants/ff/campaign/sale.yaml", "HB112", "did you mean `campaigns/`?"),
        ("tenants/ff/tenants.yaml", "HB112", "did you mean tenant.yaml?"),
        ("tenants/ff.yaml", "HB112", "tenants/ff/tenant.yaml"),
        ("tenants/ff/campaigns/sale.yml", "HB112", "rename it to sale.yaml"),
        ("tenants/ff/campaigns/a/sale.yaml", "HB112", "put it directly into tenants/ff/campaigns/"),
        ("environments/eu/staging.yaml", "HB112", "environments/NAME.yaml"),
        ("enviroments/staging.yaml", "HB112", "did you mean `environments/`?"),
        ("schemas/stores.schema.json", "HB112", "vocabulary: schemas/customer.schema.json, schemas/data/NAME.schema.json and schemas/events/NAME.schema.json"),
        ("tenants/ff/campaigns/Spring Sale.yaml", "HB113", "rename it to spring-sale"),
        ("tenants/Fresh Fields/tenant.yaml", "HB113", "rename it to fresh-fields"),
        ("environments/1.yaml", "HB113", "rename it"),
        ("tenants/ff/special/x.yaml", "HB112", "tenants/NAME/ holds tenant.yaml and the folders campaigns, offers, audiences, tests, templates, assets"),
    ],
)  # fmt: skip
def test_what_to_do_about_a_misplaced_file(path: str, code: str, hint: str) -> None:
    found = check_layout({"handbill.yaml", "tenants/ff/tenant.yaml", path})
    assert [(one.code, one.hint) for one in found] == [(code, hint)]


def test_a_tenants_own_finding_names_the_tenant() -> None:
    (found,) = check_layout({"handbill.yaml", "tenants/ff/tenant.yaml", "tenants/ff/tests/a.yml"})
    assert found.tenant == "ff"


def test_a_missing_main_file_is_said_once() -> None:
    paths = ("tenants/ff/campaigns/a.yaml", "tenants/ff/campaigns/b.yaml")
    assert codes(*paths) == [("HB115", "tenants/ff/tenant.yaml")]


def test_a_misnamed_main_file_is_not_also_missing() -> None:
    assert codes("tenants/ff/tenant.yml", "tenants/ff/campaigns/a.yaml") == [
        ("HB112", "tenants/ff/tenant.yml")
    ]


def test_no_platform_file() -> None:
    (found,) = check_layout({"tenants/ff/tenant.yaml"})
    assert (found.code, found.range) == ("HB114", None)
    (near,) = check_layout({"handbill.yml"})
    assert near.hint == "rename handbill.yml to handbill.yaml"


def test_a_second_near_name_beside_the_platform_file() -> None:
    assert codes("handbill.yml") == [("HB112", "handbill.yml")]
    assert codes("compose.yaml") == []
