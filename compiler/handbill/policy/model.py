"""What a review finds: which policies speak, of whom, and whose approval is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A campaign of a tenant. `file` is its campaign file, "" where not known."""

    tenant: str
    campaign: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.tenant}/{self.campaign}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A policy, or a limit of the platform, that speaks of some campaigns.

    `verdict`: `applies`, or `undecided` where what it reads is not known. `by` are those of whom one
    must approve, empty where nobody can; `approved` whether one has.
    """

    policy: str
    level: Literal["deny", "warn", "approve"]
    verdict: Literal["applies", "undecided"]
    subjects: tuple[Named, ...]
    place: SourceRange | None
    message: str
    by: tuple[str, ...] = ()
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """An approval that owners must give. `owned` says of what: `tenant fresh-fields`, `group harvest-co`,
    `the platform`; `because` why, one reason a line."""

    owned: str
    owners: tuple[str, ...]
    because: tuple[str, ...]
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """A shared file that was edited, and the tenants that it reaches of those that change."""

    path: str
    tenants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """All of it. `diagnostics` holds an error for each that stands in the way of merging."""

    judgements: tuple[Judgement, ...]
    demands: tuple[Demand, ...]
    diagnostics: tuple[Diagnostic, ...]
    reach: tuple[Reach, ...] = ()

    @property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """Of each of these groups one approval is still needed; equal groups once, sorted."""
        groups = [each.by for each in self.judgements if each.by and not each.approved]
        groups += [each.owners for each in self.demands if each.owners and not each.approved]
        return tuple(sorted(set(groups)))
