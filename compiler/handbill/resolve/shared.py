"""What several tenants share, each file judged by itself once: locks, what blueprints open, channels
with their vendors, environments.

A file with an error here is taken out of the catalogue, so that exactly those who need it fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pydantic import BaseModel

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.resolve.catalogue import Catalogue, Found, sorted_catalogue
from handbill.resolve.defaults import strays
from handbill.resolve.layers import value_at
from handbill.resolve.model import ResolvedChannel
from handbill.resolve.permission import check_patterns
from handbill.resolve.references import missing_name
from handbill.resolve.typed import typed
from handbill.schema.models.audience import AudienceDocument
from handbill.schema.models.channel import ChannelDocument, VendorDocument
from handbill.schema.models.environment import EnvironmentDocument
from handbill.schema.models.platform import PlatformDocument
from handbill.source.layout import DocumentKind
from handbill.source.located import LocatedDocument

MODELS_OF_WHOLE: Mapping[DocumentKind, type[BaseModel]] = {
    DocumentKind.PLATFORM: PlatformDocument,
    DocumentKind.ENVIRONMENT: EnvironmentDocument,
    DocumentKind.CHANNEL: ChannelDocument,
    DocumentKind.VENDOR: VendorDocument,
    DocumentKind.AUDIENCE: AudienceDocument,
}
"""Kinds that are no layers and hold no parameters: one file is the whole document."""


def sound_catalogue(catalogue: Catalogue) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
    """The catalogue with every file broken that has an error of its own."""
    diagnostics: list[Diagnostic] = []
    sound: list[Found] = []
    for found in catalogue.found:
        errors = list(_errors_of(catalogue, found, found.document)) if found.document else []
        diagnostics.extend(replace(each, tenant=found.place.tenant) for each in errors)
        sound.append(replace(found, document=None) if has_errors(errors) else found)
    return sorted_catalogue(sound), tuple(diagnostics)


def _errors_of(
    catalogue: Catalogue, found: Found, document: LocatedDocument
) -> Iterator[Diagnostic]:
    kind = found.place.kind
    if kind in MODELS_OF_WHOLE:
        yield from typed(MODELS_OF_WHOLE[kind], document.value, document)[1]
    for check in CHECKS.get(kind, ()):
        yield from check(catalogue, document)


def _locks(catalogue: Catalogue, document: LocatedDocument) -> Iterator[Diagnostic]:
    yield from check_patterns("lock", document)


def _opens(catalogue: Catalogue, document: LocatedDocument) -> Iterator[Diagnostic]:
    yield from check_patterns("open", document)


def _unknown_blueprints(catalogue: Catalogue, document: LocatedDocument) -> Iterator[Diagnostic]:
    """Defaults for instances of a blueprint that is not there."""
    known = catalogue.main(DocumentKind.BLUEPRINT)
    named = value_at(document.value, ("blueprints",))
    for name in named if isinstance(named, dict) else ():
        if name not in known:
            where = document.key_range_of(("blueprints", name))
            hint = f"write blueprints/{name}/blueprint.yaml, or take the line out"
            yield missing_name("HB430", "blueprint", name, known, where, hint)


def _unknown_contracts(catalogue: Catalogue, document: LocatedDocument) -> Iterator[Diagnostic]:
    """Providers whose `contract` names no vendor of any channel."""
    vendors = catalogue.main(DocumentKind.VENDOR)
    providers = value_at(document.value, ("providers",))
    for name in providers if isinstance(providers, dict) else ():
        path = ("providers", name, "contract")
        contract = str(value_at(document.value, path))
        if contract not in vendors:
            hint = f"write channels/CHANNEL/{contract}.yaml"
            where = document.range_of(path)
            yield missing_name("HB445", "vendor's contract", contract, vendors, where, hint)


def _strays(catalogue: Catalogue, document: LocatedDocument) -> Iterator[Diagnostic]:
    channel = document.file.split("/")[1]
    for origin in strays(channel, document):
        yield Diagnostic(
            code="HB446",
            message=f"the channel {channel} sets quiet hours for {origin.path[-1]}",
            range=origin.key_range,
            hint=f"a channel's own quiet hours are those of `{channel}`; "
            f"put these into channels/{origin.path[-1]}/channel.yaml",
        )


Check = Callable[[Catalogue, LocatedDocument], Iterator[Diagnostic]]
CHECKS: Mapping[DocumentKind, tuple[Check, ...]] = {
    DocumentKind.PLATFORM: (_locks,),
    DocumentKind.GROUP: (_locks, _unknown_blueprints),
    DocumentKind.TENANT: (_locks, _unknown_blueprints),
    DocumentKind.BLUEPRINT: (_opens,),
    DocumentKind.ENVIRONMENT: (_unknown_contracts,),
    DocumentKind.CHANNEL: (_strays,),
}
"""What each kind of file can get wrong by itself, once other files are known."""


def resolve_channels(catalogue: Catalogue) -> dict[str, ResolvedChannel]:
    """The channels whose contract and vendors are all sound."""
    channels = {}
    for name, found in catalogue.main(DocumentKind.CHANNEL).items():
        vendors = catalogue.named(DocumentKind.VENDOR, f"channels/{name}")
        documents = {each: vendor.document for each, vendor in vendors.items() if vendor.document}
        if found.document is None or len(documents) < len(vendors):
            continue
        channels[name] = ResolvedChannel(
            name=name,
            contract=ChannelDocument.model_validate(found.document.value),
            vendors={
                each: VendorDocument.model_validate(document.value)
                for each, document in documents.items()
            },
            document=found.document,
            documents=documents,
        )
    return channels


def resolve_environments(catalogue: Catalogue) -> dict[str, EnvironmentDocument]:
    """The environments that are sound."""
    return {
        name: EnvironmentDocument.model_validate(found.document.value)
        for name, found in catalogue.main(DocumentKind.ENVIRONMENT).items()
        if found.document is not None
    }
