"""One text of a message against its part's limits: characters, what is seen first, SMS segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.language.bounds.holes import Hole, before_first_hole, holes_of
from handbill.language.bounds.rendering import extent_of, may_be_blank
from handbill.language.bounds.samples import fields_of
from handbill.language.bounds.sms import (
    Surcharge,
    name_of,
    plain_spelling,
    replacement_of,
    segments_of,
    surcharge,
)
from handbill.language.template import fields_read
from handbill.lower.judging import Judging, contributions, foreign, in_segments, reached, shown
from handbill.plan.alphabets import GSM
from handbill.plan.ir import Op
from handbill.plan.row import compile_template
from handbill.plan.segments import sms_size
from handbill.schema.models.channel import PartDocument

MAX_NAMED = 4
"""Characters that are named one by one."""


@dataclass(frozen=True, slots=True)
class PartLimits:
    judging: Judging

    def check(self, name: str, part: PartDocument, ops: tuple[Op, ...]) -> None:
        self._check_length(name, part, ops)
        if part.lead is not None:
            self._check_lead(name, part.lead, ops)
        if part.max_segments is not None:
            self._check_segments(name, part.max_segments, ops)
        if part.required and self.judging.is_sound and may_be_blank(ops, self.judging.assumptions):
            self._check_empty(name, ops)

    def _check_length(self, name: str, part: PartDocument, ops: tuple[Op, ...]) -> None:
        limits = [each for each in (part.max, part.warn_over) if each is not None]
        if not limits or self.judging.at_most(ops).characters <= min(limits):
            return
        longest = self.judging.extent(ops).high.characters
        if part.max is not None and longest > part.max:
            self._too_long("HB610", name, ops, part.max, Severity.ERROR, longest)
        elif part.warn_over is not None and longest > part.warn_over:
            self._too_long("HB624", name, ops, part.warn_over, Severity.WARNING, longest)

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
        holes = holes_of(ops, self.judging.assumptions)
        found = self.judging.worst(ops, lambda text: len(text), longest)
        self.judging.report(
            Diagnostic(
                code,
                f"this {name} can become {longest} characters long; {takes}",
                self.judging.where(name),
                severity,
                hint=self.judging.cut(
                    ops, holes, lambda cut: cut.high.characters <= maximum, "shorten the text"
                ),
                notes=(
                    *contributions(holes, lambda hole: hole.high.characters, "characters"),
                    *reached(found, longest, "characters"),
                ),
                witness=_of_what_it_reads(shown(found, maximum), ops),
            )
        )

    def _check_lead(self, name: str, lead: int, ops: tuple[Op, ...]) -> None:
        before = before_first_hole(ops, self.judging.assumptions)
        if before is not None and before >= lead:
            self.judging.report(
                Diagnostic(
                    "HB625",
                    f"phones show the first {lead} characters of a {name}, and what is written for "
                    f"each customer begins after {before}",
                    self.judging.where(name),
                    Severity.WARNING,
                    hint="begin with what is special about this message",
                )
            )

    def _check_empty(self, name: str, ops: tuple[Op, ...]) -> None:
        looking = self.judging.search((ops,), shortest=True)
        if looking is None:
            return
        render = compile_template(ops, looking.needs)
        found = looking.most(lambda row, context: -len(render(row, context).strip()), 0)
        if found is not None and found.size == 0:
            self.judging.report(
                Diagnostic(
                    "HB627",
                    f"this {name} can be empty, and then the message is not sent",
                    self.judging.where(name),
                    Severity.WARNING,
                    hint="write something for everybody: {% else %}, or words around the hole",
                    witness=found.customer or None,
                )
            )

    # ── SMS ──────────────────────────────────────────────────────────────────────────────────────

    def _check_segments(self, name: str, maximum: int, ops: tuple[Op, ...]) -> None:
        extra = surcharge(ops, self.judging.assumptions)
        if extra is not None:
            self._report_characters(name, extra)
        bound = segments_of(self.judging.extent(ops))
        mended = extra is not None and extra.is_pasted and extra.most_mended <= maximum
        if bound.most <= maximum or mended:
            return
        holes = holes_of(ops, self.judging.assumptions)
        found = self.judging.worst(ops, lambda text: sms_size(text).segments, bound.most)
        hint = self._alphabet_hint(ops, holes, maximum) or self.judging.cut(
            ops, holes, lambda cut: segments_of(cut).most <= maximum, "shorten the text"
        )
        self.judging.report(
            Diagnostic(
                "HB621",
                f"this SMS can cost {bound.most} segments; the channel takes {maximum}",
                self.judging.where(name),
                hint=hint,
                notes=(
                    *foreign(holes),
                    *contributions(holes, lambda hole: hole.high.characters, "characters"),
                    *reached(found, bound.most, "segments"),
                ),
                witness=shown(found, maximum),
            )
        )

    def _report_characters(self, name: str, extra: Surcharge) -> None:
        characters = [name_of(character) for character in extra.characters[:MAX_NAMED]]
        count = (
            "one character" if len(extra.characters) == 1 else f"{len(extra.characters)} characters"
        )
        if len(extra.characters) > MAX_NAMED:
            characters = [f"{', '.join(characters)}, …"]
        self.judging.report(
            Diagnostic(
                "HB620",
                f"this SMS costs {in_segments(extra.now)} because of {count}: {' and '.join(characters)}",
                self.judging.where(name),
                Severity.ERROR if extra.is_pasted else Severity.WARNING,
                hint=_plainer(extra),
                notes=("one character outside the SMS alphabet makes all of it twice as large",),
            )
        )

    def _alphabet_hint(self, ops: tuple[Op, ...], holes: list[Hole], maximum: int) -> str | None:
        """Where it would fit if its values were within the alphabet."""
        plain = extent_of(ops, self.judging.assumptions, any_letters=GSM)
        others = [hole for hole in holes if hole.extent.high.foreign]
        if segments_of(plain).most > maximum or not others or plain.high.foreign:
            return None
        paths = {path: None for hole in others for path in fields_of(hole.value)}
        return 'declare "x-alphabet": "gsm" for ' + " and ".join(map(self.judging.declared, paths))


def _of_what_it_reads(
    customer: Mapping[str, object] | None, ops: tuple[Op, ...]
) -> Mapping[str, object] | None:
    """The customer without the rows that only the audience asks for."""
    if customer is None:
        return None
    read = {path[1] for path in fields_read(ops) if len(path) > 1}
    return {
        name: value
        for name, value in customer.items()
        if name in read or not (isinstance(value, list) and any(isinstance(x, dict) for x in value))
    }


FORMATTED = frozenset("’‘")
"""What `handbill fmt` writes plainly in SMS (`authoring.formatting.quotes`)."""


def _plainer(extra: Surcharge) -> str:
    """What to write instead; a script of its own has no plain letters."""
    without = [each for each in extra.characters if plain_spelling(each) is None]
    if all(each.isalpha() for each in without) and len(without) > 1:
        return (
            "plain SMS has no letters for this language: shorten the text to 70 characters, or "
            f"set `max_segments` of the channel to what you pay ({extra.now})"
        )
    plain = ", ".join(dict.fromkeys(map(replacement_of, extra.characters)))
    longest = f"with {plain} the longest text is {extra.longest} characters"
    formatted = "; `handbill fmt` replaces it" if FORMATTED.issuperset(extra.characters) else ""
    return f"{longest}, {in_segments(extra.plain)}{formatted}"
