"""What a reader sees of HTML, and what not."""

from __future__ import annotations

import pytest

from handbill.assertions.visible_text import is_html, visible_text


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>You came <b>52</b> times.</p><p>Thanks</p>", "You came 52 times.\nThanks"),
        ("<head><title>x</title><style>p{}</style></head><body>A</body>", "A"),
        ("<head><title>never closed<body>A", "A"),
        ("<!-- note --><!--[if mso]><p>B</p><![endif]-->A &amp; B", "A & B"),
        ("A<br>B<br/>C", "A\nB\nC"),
        ("<td>A</td><td>B</td>", "A\nB"),
        ('<p><img src="x" alt="Soup">for\n  you <img src="y"></p>', "Soup for you"),
        ("<div>Dear\u200c\u00a0\u200c Ann\u00ad</div>", "Dear Ann"),
        ("<script>if (a < b) {}</script>A < B", "A < B"),
        ("</head></p>A", "A"),
        ("", ""),
    ],
)
def test_words_without_markup(html: str, seen: str) -> None:
    assert visible_text(html) == seen


def test_which_parts_are_markup() -> None:
    assert is_html("\n<p>A</p>") and not is_html("A <p>")
