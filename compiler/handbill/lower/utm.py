"""`links.utm` of one message → what is appended to its links: known texts, in the order of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from handbill.language.mail.settings import LinkTags
from handbill.language.scope import ConstantRoot
from handbill.language.template import TemplateKind
from handbill.lower.compiling import Compiling
from handbill.lower.localised import localised_text
from handbill.plan.ir import Op, Text
from handbill.resolve.traced import Traced
from handbill.schema.models.limits import EffectiveLinks
from handbill.source.located import Path

_WORD = re.compile(r"[A-Za-z0-9_-]+")
_NAMED = re.compile(r"\{\{ ([a-z_]+)(?:\.([a-z_]+))? \}\}")


def lower_link_tags(
    links: EffectiveLinks, traced: Traced, compiling: Compiling, locales: tuple[str, ...]
) -> LinkTags:
    """`compiling` knows `channel`, `campaign` and `variant`. A value that is empty is left out."""
    pairs = []
    for name, written in sorted(links.utm.items()):
        path: Path = ("links", "utm", name)
        source = localised_text(written, traced, path, compiling, locales)
        word = _word(source.text, compiling) if source is not None else None
        if word is not None:
            pairs.append((name, word))
            continue
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


def _word(written: str, compiling: Compiling) -> str | None:
    """What compiling a value comes to that is one word, or that names one, as most do; None for any
    other. In a word there is nothing to find: no link, no tag, no second line."""
    named = _NAMED.fullmatch(written)
    value: object = written
    if named is not None:
        root = compiling.scope.roots.get(named[1])
        value = root.values if isinstance(root, ConstantRoot) else None
        if named[2] is not None:
            value = value.get(named[2]) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) and _WORD.fullmatch(value) else None


def _texts(ops: tuple[Op, ...]) -> Iterator[str]:
    return (op.text for op in ops if isinstance(op, Text))
