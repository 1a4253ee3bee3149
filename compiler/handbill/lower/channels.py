"""channels/N/*.yaml → the Channel object: contracts with their request templates compiled.

A vendor's request is written with the same holes as a message, over `message`, `parts`, `sender` and
`provider`; so a channel needs data only, and the runtime parses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.scope import RecordRoot, Root, Scope
from handbill.language.template import TemplateKind, compile_template
from handbill.language.vocabulary import Member, Record
from handbill.lower.templates import TemplateLibrary
from handbill.plan.ir import Expression, Field, Op, Put
from handbill.plan.model import (
    BodyArray,
    BodyLiteral,
    BodyObject,
    BodyTemplate,
    BodyText,
    Channel,
    HttpRequest,
    PartContract,
    Responses,
    Vendor,
)
from handbill.plan.types import StringType
from handbill.resolve.model import ResolvedChannel
from handbill.schema.models.channel import PartDocument, RequestDocument, ResponsesDocument
from handbill.source.located import LocatedDocument, Path

TEXT = StringType(1_000_000)
MESSAGE_NAMES = ("id", "address", "tenant", "campaign")
SENDER_NAMES = ("from", "workspace")
"""`message.…` and `sender.…` of a vendor's templates."""


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
        part: PartContract(kind=each.kind, maximum=each.max, required=each.required)
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
                members = {k: self.body(v, (*path, k), document) for k, v in value.items()}
                return BodyObject(members=members)
            case list():
                items = (self.body(v, (*path, i), document) for i, v in enumerate(value))
                return BodyArray(items=tuple(items))
            case str() if "{{" in value or "{%" in value:
                ops = self.text(path, document)
                return BodyText(text=ops, needs=tuple(sorted(set(_parts_read(ops)))))
            case bool() | int() | str() | None:
                return BodyLiteral(value=value)
            case _:  # a decimal: JSON text of its own digits would be a float
                return BodyLiteral(value=str(value))

    def text(self, path: Path, document: LocatedDocument) -> tuple[Op, ...]:
        source = document.scalars[path].text
        compiled = compile_template(source, self.scope, TemplateKind.TEXT, self.templates)
        self.found.extend(compiled.diagnostics)
        return compiled.ops or ()


def _parts_read(ops: tuple[Op, ...]) -> Iterator[str]:
    for op in ops:
        if isinstance(op, Put):
            yield from _parts_in(op.expression)


def _parts_in(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Field) and expression.path[0] == "parts":
        yield expression.path[1]
    for argument in getattr(expression, "arguments", ()):
        yield from _parts_in(argument)


def _responses(document: ResponsesDocument) -> Responses:
    return Responses(
        accepted=tuple(map(str, document.accepted)),
        retry=tuple(map(str, document.retry)),
        unreachable=tuple(map(str, document.unreachable)),
        id_pointer=document.id,
    )
