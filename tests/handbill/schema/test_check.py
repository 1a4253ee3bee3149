"""The schema stage never raises, agrees with the models, and knows whose file it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from handbill.schema.check import check_document, check_effective
from handbill.schema.contracts import ChannelContract
from handbill.schema.document_schema import MODELS
from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument
from handbill.source.yaml import load_document

Load = Callable[[str, str], LocatedDocument]


def test_a_list_is_no_document(findings: Callable[..., list[object]]) -> None:
    assert [one.code for one in findings("tenants/ff/campaigns/a.yaml", "- a")] == ["HB312"]  # type: ignore[attr-defined]
    assert [one.code for one in findings("handbill.yaml", "word")] == ["HB312"]  # type: ignore[attr-defined]


def test_shared_files_are_nobodys_own(findings: Callable[..., list[object]]) -> None:
    (found,) = findings("handbill.yaml", "categories: {a: {class: marketing}}\nx: 1")
    assert found.tenant is None  # type: ignore[attr-defined]


WORDS = st.sampled_from(
    ["status", "trigger", "at", "cron", "message", "email", "subject", "template", "body", "audience",
     "include", "exclude", "offer", "use", "when", "reward", "percent", "amount", "valid", "for", "from",
     "to", "param", "experiment", "variants", "weight", "name", "channels", "data", "customers", "key",
     "address", "limits", "quiet_hours", "with", "params", "type", "default", "parts", "kind", "driver",
     "request", "responses", "accepted", "form", "providers", "categories", "class", "deliver", "order"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**17),
    st.text(max_size=5),
    st.sampled_from(
        ["active", "3 days", "2026-12-05T10:00", "email", "a.html", "10%", "0 8 * * WED"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=15,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(MODELS)), st.dictionaries(WORDS, VALUES, max_size=6))
def test_no_document_raises_and_the_models_agree(
    contracts: Mapping[str, ChannelContract], kind: DocumentKind, value: dict[str, object]
) -> None:
    import json

    text = json.dumps(value, ensure_ascii=False)
    document, _ = load_document("tenants/ff/x.yaml", text.encode())
    if document is None:
        return
    place = DocumentPlace(kind, "x", "tenants/ff", tenant="ff")
    found = check_document(document, place, contracts)
    assert all(one.range and one.message and one.tenant == "ff" for one in found)
    if not found and kind not in (DocumentKind.BLUEPRINT, DocumentKind.OFFER):
        MODELS[kind].model_validate(document.value)
    check_effective(value, document, contracts)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [kind for kind in MODELS if kind is not DocumentKind.BLUEPRINT])
def test_what_a_model_refuses_the_schema_explains(
    load: Load, contracts: Mapping[str, ChannelContract], kind: DocumentKind
) -> None:
    document = load("tenants/ff/x.yaml", "name: 5\nunknown: {a: [1]}\n")
    with pytest.raises(ValidationError):
        MODELS[kind].model_validate(document.value)
    place = DocumentPlace(kind, "x", "tenants/ff", tenant="ff")
    assert check_document(document, place, contracts) != ()
