"""A whole message against what its channel takes: bytes, as the vendor counts them where it is a
request, of all parts together where it is a mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.bounds.holes import holes_of
from handbill.language.bounds.paths import heaviest_way
from handbill.language.bounds.payload import Payload
from handbill.language.bounds.rendering import Rendering, world_of
from handbill.language.bounds.world import Bound
from handbill.language.bounds.worst import Found
from handbill.lower.judging import Judging, contributions, reached, shown
from handbill.lower.recipient import Recipient
from handbill.plan.ir import Op
from handbill.plan.model import Channel, Parts
from handbill.plan.row import TemplateFunction, compile_template
from handbill.plan.values import Context, Row, Value
from handbill.schema.models.channel import ChannelDocument


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """`channel` gives the vendors' requests; None where it is broken."""

    judging: Judging
    parts: Parts
    contract: ChannelDocument
    channel: Channel | None
    recipient: Recipient

    def check(self) -> None:
        maximum = self.contract.max_bytes
        if maximum is None:
            return
        payloads = self._payloads()
        if payloads:
            bounds = {vendor: self._payload_bound(each) for vendor, each in payloads.items()}
            vendor = max(bounds, key=lambda name: bounds[name])
            if bounds[vendor] > maximum:
                self._payload_too_large(vendor, payloads[vendor], bounds[vendor], maximum)
        elif self.bytes_at_most > maximum and self.bytes_written > maximum:
            self._message_too_large(self.bytes_written, maximum)

    @property
    def bytes_written(self) -> int:
        return sum(self.judging.extent(ops).high.bytes for ops in self._counted())

    @property
    def bytes_at_most(self) -> int:
        """The same from each part's loose bound: no less."""
        return sum(self.judging.at_most(ops).bytes for ops in self._counted())

    def _counted(self) -> list[tuple[Op, ...]]:
        return [ops for name, ops in self.parts.items() if name in self.contract.parts]

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
        world = world_of(self.judging.assumptions, Rendering())
        return self.recipient.names() | {
            ("parts", name): Bound(ops, world) for name, ops in parts.items()
        }

    def _payload_too_large(self, vendor: str, payload: Payload, bound: int, maximum: int) -> None:
        longest = max(
            self._texts_written(),
            key=lambda n: self.judging.extent(self.parts[n]).high.bytes,
        )
        ops = self.parts[longest]
        holes = holes_of(ops, self.judging.assumptions, ("json",))
        found = self._worst_payload(payload, bound)
        hint = self.judging.proposed(
            ops,
            holes,
            lambda cut: self._payload_with(payload, longest, cut) <= maximum,
            f"shorten the {longest}",
        )
        self.judging.report(
            Diagnostic(
                "HB622",
                f"this message can become {bound:,} bytes as {vendor} counts them; "
                f"the channel takes {maximum:,}",
                self.judging.where(longest),
                hint=hint,
                notes=(
                    f"the address (`customer.{self.recipient.column}`) makes up to "
                    f"{self.recipient.address_bytes:,} bytes of it",
                    *contributions(holes, lambda hole: hole.high.bytes, "bytes"),
                    *reached(found, bound, "bytes"),
                ),
                witness=shown(found, maximum),
            )
        )

    def _texts_written(self) -> list[str]:
        names = [name for name in self.parts if self.judging.place.values.get(name) is not None]
        return names or list(self.parts)

    def _payload_with(self, payload: Payload, part: str, ops: tuple[Op, ...]) -> int:
        return payload.bounds(self._texts({**self.parts, part: ops}))[1]

    def _message_too_large(self, size: int, maximum: int) -> None:
        sizes = {name: self.judging.extent(ops).high.bytes for name, ops in self.parts.items()}
        longest = max(
            (name for name in sizes if name in self.contract.parts), key=lambda name: sizes[name]
        )
        ops = self.parts[longest]
        holes = holes_of(ops, self.judging.assumptions)
        rest = size - sizes[longest]
        found = self.judging.worst(ops, lambda text: len(text.encode()), sizes[longest])
        self.judging.report(
            Diagnostic(
                "HB623",
                f"this message can become {size:,} bytes; the channel takes {maximum:,}",
                self.judging.where(longest),
                hint=self.judging.cut(
                    ops,
                    holes,
                    lambda cut: rest + cut.high.bytes <= maximum,
                    "show fewer things in it, or link to a page that shows them",
                ),
                notes=(
                    *contributions(holes, lambda hole: hole.high.bytes, "bytes"),
                    *reached(found, sizes[longest], f"bytes of {longest}"),
                ),
                witness=shown(found, maximum - self._least_beside(longest)),
            )
        )

    def _least_beside(self, part: str) -> int:
        """Bytes that the other parts take for every customer."""
        others = (ops for name, ops in self.parts.items() if name != part)
        return sum(self.judging.extent(ops).low.bytes for ops in others)

    def _worst_payload(self, payload: Payload, goal: int) -> Found | None:
        looking = self.judging.search(tuple(self.parts.values()))
        if looking is None:
            return None
        render = {name: compile_template(ops, looking.needs) for name, ops in self.parts.items()}
        names = self.recipient.longest_names()
        way = [
            each
            for ops in self.parts.values()
            for each in heaviest_way(
                ops, self.judging.assumptions, lambda extent: extent.high.bytes
            )
        ]
        return looking.most(_payload_score(payload, render, names), goal, way)


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
