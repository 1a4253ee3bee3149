"""Where the thing under the cursor is written down: the blueprint, the offer, the template, the schema's
line, the parameter."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import SourceRange
from handbill.editor.aim import Aim, Field, Name, Word
from handbill.editor.phrase import Wants
from handbill.editor.surroundings import Surroundings
from handbill.resolve.catalogue import Found
from handbill.source.layout import PLATFORM_FILE, DocumentKind
from handbill.source.located import Path


def definition(aim: Aim, around: Surroundings) -> SourceRange | None:
    """None where it is written nowhere, or where nobody knows."""
    match aim:
        case Name():
            return _named(aim, around)
        case Word():
            return _word(aim, around)
        case Field(path=path):
            return _field(path, around)


def _named(aim: Name, around: Surroundings) -> SourceRange | None:
    if aim.kind is DocumentKind.TEMPLATE:
        file = around.template_file(aim.name)
        return top_of(file) if file else None
    if aim.kind is DocumentKind.PLATFORM:
        return _key(around, PLATFORM_FILE, ("categories", aim.name))
    blueprint = around.campaign.blueprint if around.campaign else None
    found = around.named(aim.kind, blueprint).get(aim.name)
    return top_of(found.file) if found else None


def _word(aim: Word, around: Surroundings) -> SourceRange | None:
    phrase = aim.phrase
    if phrase.wants is not Wants.MEMBER:
        return None
    if member := around.member(phrase.owner, phrase.word):
        return member.range
    match phrase.owner:
        case ("customer",):
            return around.computed_at(phrase.word)
        case ("audiences",):
            blueprint = around.campaign.blueprint if around.campaign else None
            found = around.named(DocumentKind.AUDIENCE, blueprint).get(phrase.word)
            return top_of(found.file) if found else None
        case ("params",):
            return _parameter(phrase.word, around)
        case ("brand", *_) | ("tenant", *_) if around.tenant:
            root = () if phrase.owner[0] == "tenant" else phrase.owner
            path = (*root, phrase.word)
            traced = around.tenant.traced
            return traced.key_range(path) if path in traced else None
    return None


def _field(path: Path, around: Surroundings) -> SourceRange | None:
    """A parameter's key leads to its declaration, any other field to the layer below that wrote it."""
    if path[:1] == ("with",) and len(path) == 2:
        return _parameter(str(path[1]), around)
    campaign = around.campaign
    if campaign is None:
        return None
    if path[:1] == ("message",):
        path = ("messages", "main", *path[1:])
    if path not in campaign.traced:
        return None
    lower = [each for each in campaign.traced.history(path) if each.file != around.path]
    return lower[-1].key_range if lower else None


def _parameter(name: str, around: Surroundings) -> SourceRange | None:
    """Where the blueprint declares it, else where the campaign gives it."""
    place, campaign = around.place, around.campaign
    blueprint = place.blueprint if place else None
    found: Found | None = around.blueprint_named_by(
        blueprint or (campaign.blueprint if campaign else None)
    )
    declared = _key(around, found.file, ("params", name)) if found else None
    if declared is None and campaign and ("with", name) in campaign.traced:
        return campaign.traced.key_range(("with", name))
    return declared


def _key(around: Surroundings, file: str, path: Path) -> SourceRange | None:
    document = around.documents.get(file)
    return document.key_ranges.get(path) if document else None


def top_of(file: str) -> SourceRange:
    return SourceRange(file, 1, 1, 1, 1)
