"""The schema that is checked: channels, nulls and parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from jsonschema import Draft202012Validator

from handbill.schema.contracts import ChannelContract
from handbill.schema.document_schema import MODELS, document_schema, effective_schema
from handbill.source.layout import DocumentKind

Codes = Callable[[str, str], list[str]]
CAMPAIGN = "tenants/ff/campaigns/a.yaml"
BLUEPRINT = "blueprints/b/blueprint.yaml"


@pytest.mark.parametrize("kind", list(MODELS))
def test_every_schema_is_one(kind: DocumentKind, contracts: Mapping[str, ChannelContract]) -> None:
    Draft202012Validator.check_schema(document_schema(kind))
    Draft202012Validator.check_schema(document_schema(kind, contracts))
    Draft202012Validator.check_schema(effective_schema(contracts))


def test_every_yaml_kind_has_a_model() -> None:
    assert set(MODELS) == {kind for kind in DocumentKind if kind.is_yaml}


@pytest.mark.parametrize(
    "text",
    [
        "offer: null",
        "audience: {exclude: {staff: null}}",
        "message: {sms: null}",
        "message: {email: {preheader: null, blocks: {hero: null}}}",
        "limits: {per_customer: null}",
        "with: {discount: null}",
    ],
)
def test_a_layer_may_take_away(codes: Codes, text: str) -> None:
    assert codes(CAMPAIGN, text) == []
    assert codes(BLUEPRINT, text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tenants/ff/audiences/a.yaml", "include: customer.x\ndescription: null"),
        ("handbill.yaml", "categories: {a: {class: marketing}}\nlimits: null"),
        (CAMPAIGN, "trigger: {at: null}"),
        (CAMPAIGN, "message: {sms: {body: {en-US: null}}}"),
    ],
)
def test_elsewhere_null_says_nothing(codes: Codes, path: str, text: str) -> None:
    assert codes(path, text) == ["HB303"]


@pytest.mark.parametrize(
    "text",
    [
        "expires: {param: x}",
        "trigger: {at: {param: x}}",
        "trigger: {cron: {param: x}, timezone: {param: y}}",
        "audience: {limit: {param: x}}",
        "offer: {param: x}",
        "message: {email: {template: {param: x}}}",
        "reentry: {after: {param: x}}",
        "tags: [{param: x}]",
        "holdout: {param: x}",
    ],
)
def test_constants_of_a_blueprint_may_be_parameters(codes: Codes, text: str) -> None:
    assert codes(BLUEPRINT, text) == []
    assert codes(CAMPAIGN, text) != []


@pytest.mark.parametrize(
    "text",
    [
        "audience: {include: {param: x}}",
        "message: {sms: {body: {param: x}}}",
        "open: [{param: x}]",
        "params: {a: {type: {param: x}}}",
        "expires: {param: x, more: 1}",
        "expires: {param: 5}",
    ],
)
def test_texts_expressions_and_declarations_may_not(codes: Codes, text: str) -> None:
    assert codes(BLUEPRINT, text) != []


def test_an_offer_may_take_parameters(codes: Codes) -> None:
    text = "reward: {percent: {param: d}}\nvalid: {for: {param: t}}\nsummary: 'x'\nterms: 'y'\n"
    assert codes("blueprints/b/offers/o.yaml", text) == []


def test_fields_of_later_versions_are_not_there() -> None:
    later = {
        "steps",
        "messages",
        "exit",
        "guardrails",
        "conversion",
        "in_flight",
        "unreached",
    }
    for kind in (DocumentKind.CAMPAIGN, DocumentKind.BLUEPRINT, DocumentKind.PLATFORM):
        assert not later & document_schema(kind)["properties"].keys()
