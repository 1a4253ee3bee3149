"""The schema stage: does a document say what its kind may say, and is a merged campaign whole?

`check_document` sees one file alone; what depends on other files is for resolve. `check_effective`
sees a campaign after all layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jsonschema.exceptions import ValidationError

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange, has_errors
from handbill.schema.contracts import ChannelContract
from handbill.schema.document_schema import document_schema, effective_schema
from handbill.schema.effective_rules import check_effective_rules
from handbill.schema.explain import Places, explain_errors
from handbill.schema.quoting import check_quoting
from handbill.schema.rules import check_rules
from handbill.schema.validator import KindValidator
from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument, Value


def check_document(
    document: LocatedDocument,
    place: DocumentPlace,
    contracts: Mapping[str, ChannelContract],
) -> tuple[Diagnostic, ...]:
    """Findings about one YAML document, each with the tenant whose file it is."""
    if not isinstance(document.value, dict):
        return (replace(_no_fields(document), tenant=place.tenant),)
    schema, validator = _checker(place.kind, ContractsKey(contracts))
    found = explain_errors(validator.iter_errors(document.value), schema, document)
    seen = {(one.range, one.code) for one in found}
    quoting = [one for one in check_quoting(document, schema) if (one.range, one.code) not in seen]
    found = (*found, *quoting)
    if not has_errors(found):
        found = (*found, *check_rules(document, place, contracts))
    return tuple(replace(one, tenant=one.tenant or place.tenant) for one in found)


def check_effective(
    campaign: Mapping[str, Value],
    places: Places,
    contracts: Mapping[str, ChannelContract],
    tenant: str | None = None,
) -> tuple[Diagnostic, ...]:
    """Findings about a merged, normalised campaign; `places` knows where each value came from, and
    its root is the file that makes the campaign."""
    schema, validator = _effective_checker(ContractsKey(contracts))
    errors = [error for error in validator.iter_errors(campaign) if not _is_missing_field(error)]
    found = explain_errors(errors, schema, places)
    found = (*found, *check_effective_rules(campaign, places, contracts))
    return tuple(replace(one, tenant=one.tenant or tenant) for one in found)


def _is_missing_field(error: ValidationError) -> bool:
    """What a campaign as a whole lacks is put in its own words by effective_rules.py."""
    return error.validator == "required" and not error.absolute_path


def _no_fields(document: LocatedDocument) -> Diagnostic:
    first = document.range_of(())
    return Diagnostic(
        "HB312",
        "this file must hold fields, each on a line of its own",
        SourceRange(first.file, first.line, first.column, first.line, first.column + 1),
        hint="NAME: VALUE",
    )


class ContractsKey:
    """Contracts as a key of what is remembered: equal when their documents are."""

    def __init__(self, contracts: Mapping[str, ChannelContract]) -> None:
        self.contracts = contracts
        self._key = tuple(
            (name, contract.known, contract.document.model_dump_json())
            for name, contract in sorted(contracts.items())
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ContractsKey) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=64)
def _checker(kind: DocumentKind, contracts: ContractsKey) -> tuple[dict[str, Any], Any]:
    schema = document_schema(kind, contracts.contracts)
    return schema, KindValidator(schema)


@lru_cache(maxsize=8)
def _effective_checker(contracts: ContractsKey) -> tuple[dict[str, Any], Any]:
    schema = effective_schema(contracts.contracts)
    return schema, KindValidator(schema)
