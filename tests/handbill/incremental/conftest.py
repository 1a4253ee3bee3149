"""One name for this compiler, whoever edits it while the tests run."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def one_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handbill.incremental.cache.fingerprint", lambda: "under-test")
