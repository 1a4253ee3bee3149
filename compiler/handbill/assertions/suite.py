"""The tests of a configuration and the personas they share, as their files say them.

Files that break their schema were reported with it and are left out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.schema.models.campaign_test import CampaignTestDocument, PersonaDocument
from handbill.source.documents import Documents
from handbill.source.layout import DocumentKind
from handbill.source.located import LocatedDocument


@dataclass(frozen=True, slots=True)
class CampaignTest:
    """`tests/NAME.yaml` of a tenant."""

    tenant: str
    name: str
    written: CampaignTestDocument
    document: LocatedDocument = field(repr=False)

    @property
    def file(self) -> str:
        return self.document.file


@dataclass(frozen=True, slots=True)
class Persona:
    name: str
    written: PersonaDocument
    document: LocatedDocument = field(repr=False)


@dataclass(frozen=True, slots=True)
class Suite:
    """In the order of the files."""

    tests: tuple[CampaignTest, ...]
    personas: Mapping[str, Persona]


def read_suite(documents: Documents) -> Suite:
    """Every test and persona among the sound documents."""
    tests: list[CampaignTest] = []
    personas: dict[str, Persona] = {}
    for path, document in sorted(documents.documents.items()):
        place = documents.places[path]
        if place.kind is DocumentKind.TEST and place.tenant is not None:
            written = CampaignTestDocument.model_validate(document.value)
            tests.append(CampaignTest(place.tenant, place.name, written, document))
        elif place.kind is DocumentKind.PERSONA:
            persona = PersonaDocument.model_validate(document.value)
            personas[place.name] = Persona(place.name, persona, document)
    return Suite(tuple(tests), personas)
