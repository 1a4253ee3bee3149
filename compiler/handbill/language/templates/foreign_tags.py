"""Merge tags of other mail systems, and holes with one brace: text that shoppers would see as it is.

They are no syntax here, so they are not wrong; nearly always they are an oversight. Whoever means one
writes it as a constant: `{{ '*|NAME|*' }}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.language.scope import RecordRoot, Root, Scope
from handbill.language.templates.draft import Draft, DraftFor, DraftIf, DraftText

_PATH = r"[A-Za-z_]\w*(?:\.\w+)*"
_TAGS = re.compile(
    rf"\*\|(?P<stars>[A-Z][A-Z0-9_:]*)\|\*"
    rf"|%%(?P<percents>{_PATH})%%"
    rf"|\$\{{\s*(?P<dollar>{_PATH})\s*\}}"
    rf"|(?<![{{$])\{{\s*(?P<brace>{_PATH})\s*(?P<filters>\|[^{{}}\n]*)?\}}(?!\}})"
)


def foreign_tags(drafts: Iterable[Draft], scope: Scope) -> Iterator[Diagnostic]:
    """A warning for each tag in the texts of a template."""
    for draft in drafts:
        match draft:
            case DraftText():
                yield from _in_text(draft, scope)
            case DraftIf():
                for branch in draft.branches:
                    yield from foreign_tags(branch.body, scope)
                yield from foreign_tags(draft.otherwise, scope)
            case DraftFor():
                yield from foreign_tags((*draft.body, *draft.otherwise), scope)


def _in_text(draft: DraftText, scope: Scope) -> Iterator[Diagnostic]:
    for match in _TAGS.finditer(draft.text):
        start = draft.place.start + match.start()
        yield Diagnostic(
            "HB576",
            f"`{match[0]}` is no hole here: customers would read it as it stands",
            draft.place.source.range(start, start + len(match[0])),
            Severity.WARNING,
            hint=_hole(match, scope.roots.get("customer")),
            notes=(f"to send it as it is: {{{{ '{match[0]}' }}}}",),
        )


def _hole(match: re.Match[str], customer: Root | None) -> str:
    name = next(word for word in match.group("stars", "percents", "dollar", "brace") if word)
    filters = (match["filters"] or "").strip()
    return "{{ " + f"{_known(name, customer)} {filters}".strip() + " }}"


def _known(name: str, customer: Root | None) -> str:
    """`FNAME` → `customer.first_name`, where customers have such a field."""
    if "." in name:
        return name
    fields = customer.record.fields if isinstance(customer, RecordRoot) else {}
    wanted = _SHORT.get(name.lower(), name.lower())
    found = next(
        (field for field in fields if field.replace("_", "") == wanted.replace("_", "")), None
    )
    return f"customer.{found or '…'}"


_SHORT = {"fname": "first_name", "first": "first_name", "lname": "last_name", "last": "last_name"}
