"""The schema stage over all documents: only those that passed go on to be resolved."""

from __future__ import annotations

from dataclasses import replace

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.schema.check import check_document
from handbill.schema.contracts import read_contracts
from handbill.source.documents import Documents


def check_documents(loaded: Documents) -> tuple[Documents, tuple[Diagnostic, ...]]:
    """The same documents without those that break their schema, and what is wrong with those."""
    contracts = read_contracts(loaded.documents, loaded.places)
    found: list[Diagnostic] = []
    sound = {}
    for path, document in loaded.documents.items():
        findings = check_document(document, loaded.places[path], contracts)
        found.extend(findings)
        if not has_errors(findings):
            sound[path] = document
    return replace(loaded, documents=sound), tuple(found)
