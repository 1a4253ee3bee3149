"""Every kind of value can be named, shown by example, and judged."""

from __future__ import annotations

import pytest

from handbill.schema.document_schema import MODELS, document_schema, effective_schema
from handbill.schema.kinds import KINDS
from handbill.schema.scalars import ScalarError
from handbill.source.yaml import load_document


def kinds_in(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["x-kind"]} if isinstance(node.get("x-kind"), str) else set()
        return own | {kind for inner in node.values() for kind in kinds_in(inner)}
    if isinstance(node, list):
        return {kind for inner in node for kind in kinds_in(inner)}
    return set()


def test_every_kind_of_the_schemas_is_known(contracts) -> None:  # type: ignore[no-untyped-def]
    used = kinds_in(effective_schema(contracts))
    for kind in MODELS:
        used |= kinds_in(document_schema(kind)) | kinds_in(document_schema(kind, contracts))
    assert used <= KINDS.keys()
    assert KINDS.keys() - used == set()


@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("secret", "message", "parts", "body")])  # fmt: skip
def test_an_example_obeys_its_own_kind(kind: str) -> None:
    document, found = load_document("a.yaml", f"x: {KINDS[kind].example}".encode())
    assert document and isinstance(document.value, dict), found
    value = document.value["x"]
    if isinstance(value, str):
        KINDS[kind].judge(value)


@pytest.mark.parametrize(
    ("kind", "text", "hint"),
    [
        ("name", "Spring Sale", "spring-sale"),
        ("name", "1", "NAME"),
        ("name", "Été spécial", "ete-special"),
        ("timezone", "america/new_york", "America/New_York"),
        ("timezone", "New York", "America/New_York"),
        ("timezone", "Mars", "REGION/CITY"),
        ("locale", "en_us", "en-US"),
        ("locale", "EN", "en"),
        ("locale", "english", "LANGUAGE-REGION"),
        ("currency", "usd", "USD"),
        ("template-file", "winback.txt", "winback.mjml"),
        ("template-file", "templates/a.html", "a.html"),
        ("template-file", "/a.html", "a.html"),
        ("path", "../x.csv", "x.csv"),
        ("url", "localhost", '"https://…", "file:///…"'),
        ("url", "file://[", "file://…"),
        ("web-url", "https://x.example/<b>", "https://x.example/b"),
        ("web-url", "ftp://x", "https://…"),
        ("web-url", "shop.example/sale", "https://shop.example/sale"),
        ("domain", "https://shop.example", "shop.example"),
        ("field-path", "audience..include", "FIELD.FIELD"),
        ("data-root", "/data", '"file:///data/{tenant}"'),
        ("recipient", "qa@shop.example", '"email:qa@shop.example"'),
        ("secret", "hunter2", '"env:NAME" or "file:/PATH"'),
    ],
)
def test_what_is_meant_instead(kind: str, text: str, hint: str) -> None:
    with pytest.raises(ScalarError) as error:
        KINDS[kind].judge(text)
    assert error.value.hint == hint
