"""Environments."""

from __future__ import annotations

from handbill.schema.models.environment import EnvironmentDocument


def test_nobody_but_seeds_receives_anything_unless_it_says_so() -> None:
    environment = EnvironmentDocument.model_validate(
        {
            "data": {"root": "file:///data/{tenant}"},
            "store": "file:///store",
            "ledger": "sqlite:///ledger.db",
            "public_url": "https://x.example",
            "assets_url": "https://x.example/assets",
            "providers": {"mail": {"contract": "smtp", "url": "smtp://localhost:1025"}},
        }
    )
    assert environment.recipients == "seeds"
    assert environment.providers["mail"].secret is None
