"""What a reader sees of an HTML part: its words, a line for each block.

For finding words and for showing where they should be, not for sending: the text part of a mail is
made by the compiler. Markup that is not well formed is read as far as it goes.
"""

from __future__ import annotations

from html.parser import HTMLParser

SILENT = frozenset({"head", "script", "style", "template", "title"})
BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "br",
        "center",
        "div",
        "dl",
        "dt",
        "dd",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_UNSEEN = {ord(char): None for char in "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff"}
"""Fillers of preheaders, and where a word may break."""


def is_html(text: str) -> bool:
    """Whether a part of a message is markup."""
    return text.lstrip().startswith("<")


def visible_text(html: str) -> str:
    """Lines without markup, styles, comments and empty lines; of a picture its `alt`."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.found).translate(_UNSEEN).split("\n")
    return "\n".join(words for line in lines if (words := " ".join(line.split())))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":  # what stands open in a head ends here
            self._silent.clear()
        if tag in SILENT:
            self._silent.append(tag)
        elif tag in BLOCKS:
            self.found.append("\n")
        elif tag == "img" and not self._silent:
            self.found.append(f" {dict(attrs).get('alt') or ''} ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag in BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data.replace("\n", " "))
