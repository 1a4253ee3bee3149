"""Tenants and groups."""

from __future__ import annotations

from handbill.schema.models.tenant import GroupDocument, TenantDocument


def test_a_tenant() -> None:
    tenant = TenantDocument.model_validate(
        {
            "name": "Fresh Fields",
            "locale": "en-US",
            "timezone": "America/New_York",
            "currency": "USD",
            "channels": {"email": {"provider": ["mail", "mail-2"], "from": "a@b.example"}},
            "data": {"customers": {"key": "id", "address": {"email": "email"}}},
        }
    )
    assert tenant.channel_order == ["push", "email", "sms"]
    assert tenant.channels["email"].from_ == "a@b.example"


def test_a_groups_defaults_for_a_blueprint_have_no_status() -> None:
    group = GroupDocument.model_validate({"name": "G", "blueprints": {"b": {"expires": "2 days"}}})
    defaults = group.blueprints["b"]
    assert defaults and defaults.expires == "2 days"
