"""All tenants as one release: one tenant's mistake is nobody else's."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Configuration

TENANTS = ("amber", "blue", "green")


@pytest.fixture
def several(configuration: Configuration) -> Configuration:
    """Three more tenants, each a copy of the base's."""
    own = configuration.folder / "tenants/fresh-fields"
    files = {path.relative_to(own): path.read_bytes() for path in own.rglob("*") if path.is_file()}
    for name in TENANTS:
        configuration.lay({f"tenants/{name}/{path}": text for path, text in files.items()})
    return configuration


def test_tenants_share_channels_and_nothing_else(several: Configuration) -> None:
    release = several.compile().compiled.release
    assert release is not None
    assert list(release.release.tenants) == sorted([*TENANTS, "fresh-fields"])
    assert list(release.release.channels) == ["email", "sms"]
    assert len(set(release.release.tenants.values())) == 4


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("campaigns/hello.yaml", "category: [\n"),
        ("campaigns/hello.yaml", "category: none\n"),
        ("templates/hello.html", "{{ customer.nam }}"),
        ("data/stores.csv", "id\n"),
        ("schemas/customer.schema.json", "{"),
    ],
)
def test_whatever_is_wrong_with_one_the_others_are_the_same(
    several: Configuration, file: str, text: str
) -> None:
    before = several.compile().compiled.release
    outcome = several.lay({f"tenants/blue/{file}": text}).compile()
    after = outcome.compiled.release
    assert before is not None and after is not None
    assert outcome.findings
    assert after.failed == ("blue",)
    others = {name: digest for name, digest in before.release.tenants.items() if name != "blue"}
    assert dict(after.release.tenants) == others


def test_a_mistake_in_a_shared_file_is_said_once_and_names_whom_it_reaches(
    several: Configuration,
) -> None:
    several.lay({"channels/email/templates/base.html": "<p>{{ customer.nam }}</p>"})
    for name in ("amber", "green"):
        several.lay(
            {f"tenants/{name}/templates/hello.html": '{% extends "platform/email/base.html" %}'}
        )
    outcome = several.compile()
    finding = outcome.only()
    assert finding.code == "HB505"
    assert finding.range.file == "channels/email/templates/base.html"
    assert "it reaches amber, green" in finding.notes
    assert outcome.compiled.release.failed == ("amber", "green")


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("schemas/customer.schema.json", "{", "HB520"),
        ("schemas/data/stores.schema.json", '{"type": "array"}', "HB521"),
        ("handbill.yaml", "categories: 3\n", "HB303"),
    ],
)
def test_without_what_all_need_there_is_no_release(
    several: Configuration, file: str, text: str, code: str
) -> None:
    outcome = several.lay({file: text}).compile()
    assert code in outcome.codes
    assert {each.range.file for each in outcome.findings} == {file}
    assert outcome.compiled.release is None


def test_a_tenant_that_cannot_be_resolved_is_looked_at_all_the_same(
    several: Configuration,
) -> None:
    """Somebody who mends one mistake should not meet the next only then."""
    several.lay(
        {
            "tenants/blue/campaigns/other.yaml": "uses: nothing\nstatus: active\n",
            "tenants/blue/templates/hello.html": "<p>{{ customer.nam }}</p>",
        }
    )
    outcome = several.compile()
    assert outcome.codes == ["HB430", "HB505"]
    assert outcome.compiled.release.failed == ("blue",)


def test_a_configuration_without_tenants(configuration: Configuration) -> None:
    shutil.rmtree(configuration.folder / "tenants")
    release = configuration.compile().compiled.release
    assert release is not None
    assert (release.release.tenants, release.failed) == ({}, ())
