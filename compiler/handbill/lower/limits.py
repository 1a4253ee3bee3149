"""Whether every message stays within what its channel takes, for every customer, locale and variant.

The bounds are computed from the compiled parts (`language/bounds/`); where one is over a limit, the
finding names the holes that make it long, how to cut them so that it fits, and a customer for whom it
really is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.language.bounds.holes import Hole, before_first_hole, cut_to_fit, holes_of
from handbill.language.bounds.measure import Extent
from handbill.language.bounds.paths import heaviest_way
from handbill.language.bounds.payload import Payload
from handbill.language.bounds.rendering import Rendering, extent_of, world_of
from handbill.language.bounds.sms import name_of, plain_spelling, segments_of, surcharge
from handbill.language.bounds.world import Bound
from handbill.language.bounds.worst import Found, Search, search
from handbill.language.expressions.facts import Assumption
from handbill.language.scope import RecordRoot
from handbill.language.vocabulary.vocabulary import Record
from handbill.lower.compiling import Compiling
from handbill.plan.alphabets import GSM
from handbill.plan.ir import Const, Expression, Field, Op
from handbill.plan.model import Channel, Parts
from handbill.plan.row import TemplateFunction, compile_template
from handbill.plan.segments import sms_size
from handbill.plan.types import StringType
from handbill.plan.values import Context, Row, Value
from handbill.resolve.traced import Traced
from handbill.schema.models.channel import ChannelDocument, PartDocument
from handbill.source.located import Path

MAX_HOLES = 3
SHOWN_TEXT = 60
SECRET = StringType(512)
"""What a provider's secret is taken to be, where a body holds one."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a request tells a vendor beside the parts: a message's names, bounded or known."""

    tenant: str
    campaign: str
    sender: str
    workspace: str
    address: StringType

    def names(self) -> dict[tuple[str, ...], Bound]:
        known = {
            ("message", "id"): "0" * 64,
            ("message", "tenant"): self.tenant,
            ("message", "campaign"): self.campaign,
            ("sender", "from"): self.sender,
            ("sender", "workspace"): self.workspace,
        }
        empty = world_of((), Rendering())
        texts: dict[tuple[str, ...], Expression] = {
            path: Const(StringType(len(text)), text) for path, text in known.items()
        }
        texts["message", "address"] = Field(("address",), self.address)
        texts["provider", "secret"] = Field(("secret",), SECRET)
        return {path: Bound(text, empty) for path, text in texts.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message's parts are written."""

    values: Mapping[str, object]
    path: Path
    traced: Traced

    def of(self, part: str, locale: str) -> SourceRange:
        path = (*self.path, part)
        value = self.values.get(part)
        if isinstance(value, dict):
            path = (*path, locale)
        return self.traced.range(path)

    def of_html(self, locale: str) -> SourceRange:
        return self.of("template" if self.values.get("template") is not None else "body", locale)


@dataclass(frozen=True, slots=True)
class Limits:
    """One message on one channel in one locale, held against the channel's contract."""

    parts: Parts
    contract: ChannelDocument
    channel: Channel | None
    place: Place
    compiling: Compiling
    recipient: Recipient
    required: frozenset[tuple[str, ...]] = field(default=frozenset())

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        return self.compiling.scope.assumptions

    @property
    def locale(self) -> str:
        return self.compiling.scope.locale

    def check(self) -> None:
        for name, part in self.contract.parts.items():
            if name in self.parts and part.kind in ("text", "url", "image"):
                self._check_text(name, part, self.parts[name])
        self._check_bytes()

    # ── one text ─────────────────────────────────────────────────────────────────────────────────

    def _check_text(self, name: str, part: PartDocument, ops: tuple[Op, ...]) -> None:
        extent = extent_of(ops, self.assumptions)
        longest = extent.high.characters
        if part.max is not None and longest > part.max:
            self._too_long("HB610", name, ops, part.max, Severity.ERROR, longest)
        elif part.warn_over is not None and longest > part.warn_over:
            self._too_long("HB624", name, ops, part.warn_over, Severity.WARNING, longest)
        if part.lead is not None:
            self._check_lead(name, part.lead, ops)
        if part.max_segments is not None:
            self._check_segments(name, part.max_segments, ops, extent)
        if part.required and extent.low.visible == 0:
            self._check_empty(name, ops)

    def _too_long(
        self,
        code: str,
        name: str,
        ops: tuple[Op, ...],
        maximum: int,
        severity: Severity,
        longest: int,
    ) -> None:
        takes = (
            f"the channel takes {maximum}"
            if severity is Severity.ERROR
            else f"many readers see no more than {maximum}"
        )
        holes = holes_of(ops, self.assumptions)
        found = self._worst(ops, lambda text: len(text), longest)
        self._report(
            Diagnostic(
                code,
                f"this {name} can become {longest} characters long; {takes}",
                self.place.of(name, self.locale),
                severity,
                hint=self._cut(
                    ops, holes, lambda cut: cut.high.characters <= maximum, "shorten the text"
                ),
                notes=(
                    *_contributions(holes, lambda hole: hole.high.characters, "characters"),
                    *_reached(found, longest, "characters"),
                ),
                witness=found.customer if found else None,
            )
        )

    def _check_lead(self, name: str, lead: int, ops: tuple[Op, ...]) -> None:
        before = before_first_hole(ops, self.assumptions)
        if before is not None and before >= lead:
            self._report(
                Diagnostic(
                    "HB625",
                    f"phones show the first {lead} characters of a {name}, and what is written for "
                    f"each customer begins after {before}",
                    self.place.of(name, self.locale),
                    Severity.WARNING,
                    hint="begin with what is special about this message",
                )
            )

    def _check_empty(self, name: str, ops: tuple[Op, ...]) -> None:
        found = self._worst(ops, lambda text: -len("".join(text.split())), 0)
        if found is not None and found.size == 0:
            self._report(
                Diagnostic(
                    "HB627",
                    f"this {name} can be empty, and then the message is not sent",
                    self.place.of(name, self.locale),
                    Severity.WARNING,
                    hint="write some words around the hole, or ask for it in the audience",
                    witness=found.customer or None,
                )
            )

    # ── SMS ──────────────────────────────────────────────────────────────────────────────────────

    def _check_segments(self, name: str, maximum: int, ops: tuple[Op, ...], extent: Extent) -> None:
        self._check_characters(name, ops)
        bound = segments_of(extent)
        if bound.most <= maximum:
            return
        holes = holes_of(ops, self.assumptions)
        found = self._worst(ops, lambda text: sms_size(text).segments, bound.most)
        hint = self._alphabet_hint(ops, holes, maximum) or self._cut(
            ops, holes, lambda cut: segments_of(cut).most <= maximum, "shorten the text"
        )
        self._report(
            Diagnostic(
                "HB621",
                f"this SMS can cost {bound.most} segments; the channel takes {maximum}",
                self.place.of(name, self.locale),
                hint=hint,
                notes=(
                    *_foreign(holes),
                    *_contributions(holes, lambda hole: hole.high.characters, "characters"),
                    *_reached(found, bound.most, "segments"),
                ),
                witness=found.customer if found else None,
            )
        )

    def _check_characters(self, name: str, ops: tuple[Op, ...]) -> None:
        extra = surcharge(ops, self.assumptions)
        if extra is None:
            return
        characters = [name_of(character) for character in extra.characters]
        count = "one character" if len(characters) == 1 else f"{len(characters)} characters"
        plain = " ".join(plain_spelling(c) or "nothing" for c in extra.characters)
        self._report(
            Diagnostic(
                "HB620",
                f"this SMS costs {_segments(extra.now)} because of {count}: {', '.join(characters)}",
                self.place.of(name, self.locale),
                Severity.ERROR if extra.is_pasted else Severity.WARNING,
                hint=f"with {plain} the longest text is {extra.longest} characters, "
                f"{_segments(extra.plain)}",
                notes=("one character outside the SMS alphabet makes all of it twice as large",),
            )
        )

    def _alphabet_hint(self, ops: tuple[Op, ...], holes: list[Hole], maximum: int) -> str | None:
        """Where it would fit if its values were within the alphabet."""
        plain = extent_of(ops, self.assumptions, any_letters=GSM)
        foreign = [hole for hole in holes if hole.extent.high.foreign]
        if segments_of(plain).most > maximum or not foreign or plain.high.foreign:
            return None
        names = " and ".join(dict.fromkeys(f"`{hole.text}`" for hole in foreign))
        return f'declare `"x-alphabet": "gsm"` for the field of {names} in the vocabulary'

    # ── the whole message ────────────────────────────────────────────────────────────────────────

    def _check_bytes(self) -> None:
        maximum = self.contract.max_bytes
        if maximum is None:
            return
        payloads = self._payloads()
        if payloads:
            bounds = {vendor: self._payload_bound(each) for vendor, each in payloads.items()}
            vendor = max(bounds, key=lambda name: bounds[name])
            if bounds[vendor] > maximum:
                self._payload_too_large(vendor, payloads[vendor], bounds[vendor], maximum)
        elif self.bytes_written > maximum:
            self._message_too_large(self.bytes_written, maximum)

    @property
    def bytes_written(self) -> int:
        return sum(
            extent_of(ops, self.assumptions).high.bytes
            for name, ops in self.parts.items()
            if name in self.contract.parts
        )

    def _payloads(self) -> dict[str, Payload]:
        vendors = self.channel.vendors if self.channel else {}
        names = frozenset(self.parts)
        return {
            name: Payload(vendor.request.body, vendor.request.encoding, names)
            for name, vendor in vendors.items()
            if vendor.request is not None
        }

    def _payload_bound(self, payload: Payload) -> int:
        return payload.bounds(self._texts(self.parts))[1]

    def _texts(self, parts: Mapping[str, tuple[Op, ...]]) -> dict[tuple[str, ...], Bound]:
        world = world_of(self.assumptions, Rendering())
        return self.recipient.names() | {
            ("parts", name): Bound(ops, world) for name, ops in parts.items()
        }

    def _payload_too_large(self, vendor: str, payload: Payload, bound: int, maximum: int) -> None:
        longest = max(
            self._texts_written(),
            key=lambda n: extent_of(self.parts[n], self.assumptions).high.bytes,
        )
        ops = self.parts[longest]
        holes = holes_of(ops, self.assumptions, ("json",))
        found = self._worst_payload(payload, bound)
        cut = cut_to_fit(
            ops, holes, lambda cut: self._payload_with(payload, longest, cut) <= maximum
        )
        self._report(
            Diagnostic(
                "HB622",
                f"this message can become {bound:,} bytes as {vendor} counts them; "
                f"the channel takes {maximum:,}",
                self.place.of(longest, self.locale),
                hint=cut.text if cut else f"shorten the {longest}",
                notes=(
                    f"its {longest} is the longest of {', '.join(sorted(self.parts))}",
                    *_contributions(holes, lambda hole: hole.high.bytes, "bytes"),
                    *_reached(found, bound, "bytes"),
                ),
                witness=found.customer if found else None,
            )
        )

    def _texts_written(self) -> list[str]:
        names = [name for name in self.parts if self.place.values.get(name) is not None]
        return names or list(self.parts)

    def _payload_with(self, payload: Payload, part: str, ops: tuple[Op, ...]) -> int:
        return payload.bounds(self._texts({**self.parts, part: ops}))[1]

    def _message_too_large(self, size: int, maximum: int) -> None:
        sizes = {
            name: extent_of(ops, self.assumptions).high.bytes for name, ops in self.parts.items()
        }
        longest = max(
            (name for name in sizes if name in self.contract.parts), key=lambda name: sizes[name]
        )
        ops = self.parts[longest]
        holes = holes_of(ops, self.assumptions)
        rest = size - sizes[longest]
        html = self.contract.parts[longest].kind == "html"
        where = self.place.of_html if html else lambda locale: self.place.of(longest, locale)
        found = self._worst(ops, lambda text: len(text.encode()), sizes[longest])
        self._report(
            Diagnostic(
                "HB623",
                f"this message can become {size:,} bytes; the channel takes {maximum:,}",
                where(self.locale),
                hint=self._cut(
                    ops,
                    holes,
                    lambda cut: rest + cut.high.bytes <= maximum,
                    "show fewer things in it, or link to a page that shows them",
                ),
                notes=(
                    *_contributions(holes, lambda hole: hole.high.bytes, "bytes"),
                    *_reached(found, sizes[longest], f"bytes of {longest}"),
                ),
                witness=found.customer if found else None,
            )
        )

    # ── what findings share ──────────────────────────────────────────────────────────────────────

    def _cut(
        self,
        ops: tuple[Op, ...],
        holes: list[Hole],
        fits: Callable[[Extent], bool],
        otherwise: str,
    ) -> str:
        cut = cut_to_fit(ops, holes, lambda shorter: fits(extent_of(shorter, self.assumptions)))
        return cut.text if cut else otherwise

    def _worst(self, ops: tuple[Op, ...], size: Callable[[str], int], goal: int) -> Found | None:
        looking = self._search((ops,))
        if looking is None:
            return None
        render = compile_template(ops, looking.needs)
        way = heaviest_way(ops, self.assumptions, lambda extent: extent.high.bytes)
        return looking.most(lambda row, context: size(render(row, context)), goal, way)

    def _worst_payload(self, payload: Payload, goal: int) -> Found | None:
        looking = self._search(tuple(self.parts.values()))
        if looking is None:
            return None
        render = {name: compile_template(ops, looking.needs) for name, ops in self.parts.items()}
        names = {path: _longest_text(bound) for path, bound in self.recipient.names().items()}
        way = [
            each
            for ops in self.parts.values()
            for each in heaviest_way(ops, self.assumptions, lambda extent: extent.high.bytes)
        ]
        return looking.most(_payload_score(payload, render, names), goal, way)

    def _search(self, parts: tuple[object, ...]) -> Search | None:
        return search(parts, self.assumptions, self.required)

    def _report(self, diagnostic: Diagnostic) -> None:
        self.compiling.add([diagnostic])


def check_limits(
    parts: Parts,
    contract: ChannelDocument,
    channel: Channel | None,
    place: Place,
    recipient: Recipient,
    compiling: Compiling,
) -> None:
    """Findings go to `compiling`. `channel` gives the vendors' requests, None where it is broken."""
    required = required_fields(compiling)
    Limits(parts, contract, channel, place, compiling, recipient, required).check()


def required_fields(compiling: Compiling) -> frozenset[tuple[str, ...]]:
    """The customer fields that are never missing, and those that a row referred to always has."""
    root = compiling.scope.roots.get("customer")
    if not isinstance(root, RecordRoot):
        return frozenset()
    found = set(_required((), root.record))
    for name, member in root.record.fields.items():
        record = root.references.get(member.references) if member.references else None
        if record is not None:
            found.update(_required((name,), record))
    return frozenset(found)


def _required(prefix: tuple[str, ...], record: Record) -> list[tuple[str, ...]]:
    return [(*prefix, name) for name, member in record.fields.items() if member.required]


def _payload_score(
    payload: Payload,
    render: Mapping[str, TemplateFunction],
    names: Mapping[tuple[str, ...], str],
) -> Callable[[Row, Context], int]:
    def score(row: Row, context: Context) -> int:
        known: dict[tuple[str, ...], Value] = dict(names)
        for name, each in render.items():
            known["parts", name] = each(row, context)
        return payload.size(known)

    return score


def _longest_text(bound: Bound) -> str:
    match bound.value:
        case Const(value=str(text)):
            return text
        case Field(type=StringType(maximum=maximum)):
            return "\U0001f600" * maximum
        case _:
            return ""


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def _segments(count: int) -> str:
    return "1 segment" if count == 1 else f"{count} segments"


def _contributions(holes: list[Hole], count: Callable[[Extent], int], what: str) -> tuple[str, ...]:
    return tuple(
        f"`{hole.text}` makes up to {count(hole.extent):,} {what} of it"
        for hole in holes[:MAX_HOLES]
    )


def _foreign(holes: list[Hole]) -> tuple[str, ...]:
    foreign = [hole.text for hole in holes if hole.extent.high.foreign]
    if not foreign:
        return ()
    return (
        f"`{foreign[0]}` may hold a character that plain SMS lacks (Zoë, 😀): "
        "then 70 characters fit instead of 160",
    )


def _reached(found: Found | None, bound: int, what: str) -> tuple[str, ...]:
    if found is None:
        return (f"at most {bound:,} {what}: no customer was found who shows it",)
    if found.size == bound:
        return ()
    return (f"at most {bound:,} {what}: the longest found is {found.size:,}",)
