"""channels/N/*.yaml → the Channel object: contracts with their request templates compiled.

A vendor's request is written with the same holes as a message, over `message`, `parts`, `sender` and
`provider`; so a channel needs data only, and the runtime parses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange, has_errors
from handbill.language.scope import RecordRoot, Root, Scope
from handbill.language.template import TemplateKind, compile_template, fields_read
from handbill.language.vocabulary.vocabulary import Member, Record
from handbill.lower.templates import TemplateLibrary
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.ir import Op
from handbill.plan.model import (
    BodyArray,
    BodyLiteral,
    BodyObject,
    BodyTemplate,
    BodyText,
    Channel,
    Digest,
    HttpRequest,
    PartContract,
    Responses,
    Vendor,
)
from handbill.plan.types import INT_DEFAULT_MAX, StringType
from handbill.resolve.model import ResolvedChannel
from handbill.schema.models.channel import PartDocument, RequestDocument, ResponsesDocument
from handbill.source.located import LocatedDocument, Path

TEXT = StringType(1_000_000)
MESSAGE_NAMES = ("id", "address", "tenant", "campaign")
SENDER_NAMES = ("from", "workspace")
"""`message.…` and `sender.…` of a vendor's templates."""


@dataclass(frozen=True, slots=True)
class LoweredChannels:
    """The channels without errors: name → digest, and the objects' canonical bytes."""

    digests: Mapping[str, Digest]
    objects: Mapping[Digest, bytes]
    diagnostics: tuple[Diagnostic, ...]
    channels: Mapping[str, Channel] = field(default_factory=dict)


def lower_channels(
    channels: Mapping[str, ResolvedChannel], templates: TemplateLibrary
) -> LoweredChannels:
    """Every channel by itself: one with an error is left out."""
    digests: dict[str, Digest] = {}
    objects: dict[Digest, bytes] = {}
    sound: dict[str, Channel] = {}
    found: list[Diagnostic] = []
    for name, channel in sorted(channels.items()):
        lowered, findings = lower_channel(name, channel, templates)
        found.extend(findings)
        if not has_errors(findings):
            data = canonical_bytes(lowered)
            digests[name] = digest_of(data)
            objects[digests[name]] = data
            sound[name] = lowered
    return LoweredChannels(digests, objects, tuple(found), sound)


def lower_channel(
    name: str, channel: ResolvedChannel, templates: TemplateLibrary
) -> tuple[Channel, tuple[Diagnostic, ...]]:
    contract = channel.contract
    lowering = _Lowering(_scope(contract.parts), templates)
    vendors = {
        vendor: Vendor(
            driver=document.driver,
            request=lowering.request(document.request, channel.documents[vendor])
            if document.request
            else None,
            responses=_responses(document.responses) if document.responses else None,
            idempotency_header=document.idempotency,
        )
        for vendor, document in channel.vendors.items()
    }
    parts = {
        part: PartContract(
            kind=each.kind,
            maximum=each.max,
            max_segments=each.max_segments,
            required=each.required,
        )
        for part, each in contract.parts.items()
    }
    lowered = Channel(
        name=name,
        parts=parts,
        vendors=vendors,
        batch=contract.batch,
        max_bytes=contract.max_bytes,
    )
    return lowered, tuple(lowering.found)


def _scope(parts: Mapping[str, PartDocument]) -> Scope:
    """Every part counts as present: a text that reads an absent one is left out when sending."""

    def record(names: Mapping[str, Member]) -> Root:
        return RecordRoot(Record(names))

    text = Member(TEXT, required=True)
    names = dict.fromkeys(parts, text)
    return Scope(
        {
            "message": record(dict.fromkeys(MESSAGE_NAMES, text)),
            "sender": record(dict.fromkeys(SENDER_NAMES, text)),
            "provider": record({"secret": text}),
            "parts": record(names),
        }
    )


class _Lowering:
    def __init__(self, scope: Scope, templates: TemplateLibrary) -> None:
        self.scope, self.templates = scope, templates
        self.found: list[Diagnostic] = []

    def request(self, written: RequestDocument, document: LocatedDocument) -> HttpRequest:
        path: Path = ("request",)
        encoding, body = ("form", written.form) if written.form else ("json", written.body)
        name = "form" if written.form else "body"
        lowered = self.body(body or {}, (*path, name), document)
        return HttpRequest(
            method=written.method,
            path=self.text((*path, "path"), document) if written.path else (),
            headers={
                header: self.text((*path, "headers", header), document)
                for header in written.headers
            },
            encoding="form" if encoding == "form" else "json",
            body=lowered if isinstance(lowered, BodyObject) else BodyObject(members={}),
        )

    def body(self, value: object, path: Path, document: LocatedDocument) -> BodyTemplate:
        match value:
            case dict():
                for name in value:
                    self.check_key(name, (*path, name), document)
                members = {k: self.body(v, (*path, k), document) for k, v in value.items()}
                return BodyObject(members=members)
            case list():
                items = (self.body(v, (*path, i), document) for i, v in enumerate(value))
                return BodyArray(items=tuple(items))
            case str() if any(mark in value for mark in ("{{", "{%", "{#")):
                ops = self.text(path, document)
                return BodyText(text=ops, needs=_parts_read(ops))
            case bool() | str() | None:
                return BodyLiteral(value=value)
            case int() if abs(value) <= INT_DEFAULT_MAX:
                return BodyLiteral(value=value)
            case _:
                message = "a request's numbers are whole and have at most 15 digits"
                self.refuse(message, document.range_of(path), f'"{value}", as a text')
                return BodyLiteral(value=str(value))

    def check_key(self, name: str, path: Path, document: LocatedDocument) -> None:
        """Canonical JSON orders keys by UTF-16, which differs only beyond the BMP."""
        if any(ord(char) > 0xFFFF for char in name):
            message = f"the name `{name}` has a character that a request's names cannot have"
            self.refuse(message, document.key_range_of(path), "letters, digits and _")

    def refuse(self, message: str, where: SourceRange, hint: str) -> None:
        self.found.append(Diagnostic("HB460", message, where, hint=hint))

    def text(self, path: Path, document: LocatedDocument) -> tuple[Op, ...]:
        source = document.scalars[path].text
        compiled = compile_template(source, self.scope, TemplateKind.VALUE, self.templates)
        self.found.extend(compiled.diagnostics)
        return compiled.ops or ()


def _parts_read(ops: tuple[Op, ...]) -> tuple[str, ...]:
    """The parts that a text cannot do without, in conditions as well."""
    return tuple(sorted(path[1] for path in fields_read(ops) if path[0] == "parts"))


def _responses(document: ResponsesDocument) -> Responses:
    return Responses(
        accepted=tuple(map(str, document.accepted)),
        retry=tuple(map(str, document.retry)),
        unreachable=tuple(map(str, document.unreachable)),
        id_pointer=document.id,
    )
