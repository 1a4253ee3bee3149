"""An environment as the object that plans' symbolic names are bound by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbill.plan.canonical import canonical_bytes, decode_object
from handbill.plan.model import Environment, Provider, Rate

if TYPE_CHECKING:
    from conftest import Configuration


def test_secrets_stay_references(configuration: Configuration) -> None:
    environment = configuration.compile().compiled.environments["staging"]
    assert environment == Environment(
        name="staging",
        recipients="seeds",
        data_root="file:///var/lib/handbill/data/{tenant}",
        store="file:///var/lib/handbill/store",
        ledger="sqlite:///var/lib/handbill/ledger.db",
        public_url="https://staging.handbill.example",
        assets_url="https://staging.handbill.example/assets",
        providers={
            "mail": Provider(contract="smtp", url="smtp://localhost:1025", secret="env:MAIL"),
            "text": Provider(
                contract="twilio",
                url="http://localhost:8025/sms",
                secret="env:TEXT",
                rate=Rate(count=100, seconds=1),
            ),
        },
    )
    assert decode_object(canonical_bytes(environment)) == environment


def test_an_allowlist(configuration: Configuration) -> None:
    path = configuration.folder / "environments/staging.yaml"
    text = 'recipients: allowlist\nallowlist: ["email:me@shop.example"]\n' + path.read_text("utf-8")
    path.write_text(text, encoding="utf-8")
    environment = configuration.compile().compiled.environments["staging"]
    assert environment.recipients == "allowlist"
    assert environment.allowlist == ("email:me@shop.example",)
