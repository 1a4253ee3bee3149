"""Whether the variants of an experiment differ where every reader sees it.

A text that differs only behind its first characters (`lead` of its part) is the same text on a phone:
the experiment would compare nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.lower.compiling import Compiling
from handbill.lower.judging import Place
from handbill.plan.ir import Const, Op, Put, Text
from handbill.plan.model import Parts, Variant
from handbill.resolve.model import ResolvedCampaign, ResolvedVariant
from handbill.schema.models.channel import ChannelDocument


def check_beginnings(
    campaign: ResolvedCampaign,
    variants: Sequence[Variant],
    contracts: Mapping[str, ChannelDocument],
    compiling: Compiling,
) -> None:
    """One warning for each text that begins as another variant's does, and is another one."""
    for first, second in combinations(variants, 2):
        written = campaign.variants[second.name]
        for message, by_channel in second.messages.items():
            for channel, content in by_channel.items():
                other = first.messages.get(message, {}).get(channel)
                for locale, parts in content.locales.items() if other else ():
                    assert other is not None
                    for part in _alike(other.locales.get(locale, {}), parts, contracts[channel]):
                        place = _place(written, message, channel)
                        _report(
                            part,
                            contracts[channel],
                            (first.name, second.name),
                            place,
                            locale,
                            compiling,
                        )


def _alike(first: Parts, second: Parts, contract: ChannelDocument) -> list[str]:
    """The parts that begin the same and go on otherwise."""
    return [
        name
        for name, part in contract.parts.items()
        if part.lead is not None
        and name in first
        and name in second
        and first[name] != second[name]
        and _beginning(first[name], part.lead) == _beginning(second[name], part.lead) is not None
    ]


def _beginning(ops: tuple[Op, ...], lead: int) -> str | None:
    """The first `lead` characters, where they are the same for everybody; None where they are not."""
    text = ""
    for op in ops:
        match op:
            case Text(text=more):
                text += more
            case Put(expression=Const(value=str(more))):
                text += more
            case _:
                break
        if len(text) >= lead:
            return text[:lead]
    return None


def _place(variant: ResolvedVariant, message: str, channel: str) -> Place:
    parts = variant.effective.messages[message][channel]
    return Place(parts, ("messages", message, channel), variant.traced)


def _report(
    part: str,
    contract: ChannelDocument,
    names: tuple[str, str],
    place: Place,
    locale: str,
    compiling: Compiling,
) -> None:
    first, second = names
    lead = contract.parts[part].lead
    compiling.add(
        [
            Diagnostic(
                "HB626",
                f"the variants `{first}` and `{second}` begin with the same {lead} characters of "
                f"their {part}, and phones show no more of it",
                place.of(part, locale),
                Severity.WARNING,
                hint="begin with what is different",
            )
        ]
    )
