"""environments/E.yaml → the Environment object that plans' symbolic names are bound by."""

from __future__ import annotations

from handbill.lower.terms import rate
from handbill.plan.model import Environment, Provider
from handbill.schema.models.environment import EnvironmentDocument, ProviderDocument


def lower_environment(name: str, document: EnvironmentDocument) -> Environment:
    """Secrets stay references; nothing here is read or opened."""
    return Environment(
        name=name,
        recipients=document.recipients,
        allowlist=tuple(document.allowlist),
        data_root=document.data.root,
        store=document.store,
        ledger=document.ledger,
        public_url=document.public_url,
        assets_url=document.assets_url,
        providers={name: _provider(each) for name, each in document.providers.items()},
    )


def _provider(document: ProviderDocument) -> Provider:
    return Provider(
        contract=document.contract,
        url=document.url,
        secret=document.secret,
        rate=rate(document.rate) if document.rate else None,
    )
