"""The schema stage over all documents: only those that passed go on to be resolved."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.schema.check import ContractsKey, check_document
from handbill.schema.contracts import read_contracts
from handbill.schema.environments import check_environments
from handbill.source.documents import Documents
from handbill.source.memory import FORGETFUL, Recall


def check_documents(
    loaded: Documents, remembered: Recall = FORGETFUL
) -> tuple[Documents, tuple[Diagnostic, ...]]:
    """The same documents without those that break their schema, and what is wrong with those."""
    contracts = read_contracts(loaded.documents, loaded.places)
    key = ContractsKey(contracts)
    found: list[Diagnostic] = []
    sound = {}
    for path, document in loaded.documents.items():
        check = partial(check_document, document, loaded.places[path], contracts)
        findings = remembered.of_file("check", path, check, key)
        found.extend(findings)
        if not has_errors(findings):
            sound[path] = document
    shared = tuple(check_environments(sound, loaded.places))
    found.extend(shared)
    for finding in shared:
        if finding.range is not None:
            sound.pop(finding.range.file, None)
    return replace(loaded, documents=sound), tuple(found)
