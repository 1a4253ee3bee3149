from __future__ import annotations

from pathlib import Path

import pytest

from handbill_runtime.drivers.secrets import read_secret
from handbill_runtime.errors import ProviderFault


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from-file\n")
    assert read_secret("env:MAIL", "mail", {"MAIL": "from-env"}) == "from-env"
    assert read_secret(f"file:{path}", "mail", {}) == "from-file"
    assert read_secret(None, "mail", {}) is None


@pytest.mark.parametrize("reference", ["env:MAIL", "file:/nowhere/secret", "vault:x", "plain"])
def test_a_missing_secret_names_its_provider(reference: str) -> None:
    with pytest.raises(ProviderFault, match="`mail`") as caught:
        read_secret(reference, "mail", {})
    assert caught.value.code == "HB922"
