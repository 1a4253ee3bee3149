"""`links.utm` of one message → what is appended to its links: known texts, in the order of their names."""

from __future__ import annotations

from collections.abc import Iterator

from handbill.language.mail.settings import LinkTags
from handbill.language.template import TemplateKind
from handbill.lower.compiling import Compiling
from handbill.lower.localised import localised_text
from handbill.plan.ir import Op, Text
from handbill.resolve.traced import Traced
from handbill.schema.models.limits import EffectiveLinks
from handbill.source.located import Path


def lower_link_tags(
    links: EffectiveLinks, traced: Traced, compiling: Compiling, locales: tuple[str, ...]
) -> LinkTags:
    """`compiling` knows `channel`, `campaign` and `variant`. A value that is empty is left out."""
    pairs = []
    for name, written in sorted(links.utm.items()):
        path: Path = ("links", "utm", name)
        source = localised_text(written, traced, path, compiling, locales)
        ops = compiling.template(source, TemplateKind.HEADER) if source is not None else None
        if ops is None or source is None:
            continue
        value = "".join(_texts(ops))
        if any(not isinstance(op, Text) for op in ops):
            compiling.report(
                "HB594",
                f"`{name}` must be the same for every customer: links are tagged before sending",
                source.whole,
                f'{name}: "{{{{ campaign.name }}}}", with channel, campaign, variant or constants',
            )
        elif value.strip():
            pairs.append((name, value.strip()))
    return LinkTags(tuple(pairs), compiling.link_domains)


def _texts(ops: tuple[Op, ...]) -> Iterator[str]:
    return (op.text for op in ops if isinstance(op, Text))
