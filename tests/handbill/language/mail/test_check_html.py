"""Which HTML may stand inside of MJML, and where the rest is told."""

from __future__ import annotations

import pytest
from mail_world import column, findings, mail, words


@pytest.mark.parametrize(
    ("source", "code", "under"),
    [
        (words("<mj-button>x</mj-button>"), "HB580", "<mj-button>"),
        (words("<style>a{}</style>"), "HB580", "<style>"),
        (words("<videoo></videoo>"), "HB580", "<videoo>"),
        (words("<svg></svg>"), "HB580", "<svg>"),
        (words("<table>a<tr><td>x</td></tr></table>"), "HB580", "a"),
        (column("<mj-table><tr>{{ customer.name }}<td>x</td></tr></mj-table>"), "HB580", "customer.name"),
        (words('<p a(b)="c">x</p>'), "HB581", '<p a(b)="c">'),
    ],
)  # fmt: skip
def test_refused(source: str, code: str, under: str) -> None:
    assert (code, under) in findings(source)
    assert {each for each, _ in findings(source)} == {code}


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        (words("<strog>x</strog>"), "<strong>"),
        (words("<style>a{}</style>"), "<mj-style> in <mj-head>"),
        (words("<mj-button>x</mj-button>"), "close </mj-text> before it"),
        (words("<blink9>x</blink9>"), "remove it"),
    ],
)
def test_hints(source: str, hint: str) -> None:
    assert mail(source).diagnostics[0].hint == hint


@pytest.mark.parametrize(
    "source",
    [
        words("a <b>b</b> <a href='https://fresh.example/'>c</a><br>d"),
        words("<table><tr><td>x <i>y</i></td></tr></table>"),
        column("<mj-table><tr><td>{{ customer.name }}</td></tr></mj-table>"),
    ],
)
def test_accepted(source: str) -> None:
    assert findings(source) == []
