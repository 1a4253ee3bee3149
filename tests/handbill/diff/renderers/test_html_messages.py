"""One message as its reader sees it."""

from __future__ import annotations

from page_reading import elements, text_of

from handbill.diff.model import Rendering, Stretch
from handbill.diff.renderers.html_messages import (
    LARGEST_PICTURE,
    is_kept_back,
    message,
    note_badge,
    with_pictures,
)

PICTURE = f"{'ab' * 32}.png"
ADDRESS = f"https://assets.example/{PICTURE}"


def rendering(channel: str, parts: dict[str, str], segments: int | None = None) -> Rendering:
    return Rendering(
        persona="ann",
        variant="only",
        channel=channel,
        locale="en-US",
        parts=parts,
        segments=segments,
    )


def test_a_mail_is_a_frame_that_can_do_nothing() -> None:
    html = f'<p class="x">Hi</p><img src="{ADDRESS}">'
    shown = message(
        rendering("email", {"subject": "Hello", "preheader": "Now", "html": html, "text": "Hi"}),
        {PICTURE: b"png"},
        "After",
        "is",
    )
    (frame,) = (each for each in elements(shown) if each.tag == "iframe")
    assert frame.attrib["sandbox"] == "" and frame.attrib["title"] == "Mail to ann: Hello"
    assert frame.attrib["srcdoc"] == html.replace(ADDRESS, "data:image/png;base64,cG5n")
    assert text_of(shown) == "AftersubjectHellopreheaderNow"


def test_a_link_in_a_mail_connects_to_nothing() -> None:
    html = '<head><LINK rel=preconnect href="https://x.example"><link/rel=icon><style>p{}</style>'
    shown = message(rendering("email", {"subject": "Hi", "html": html}), {}, "")
    (frame,) = (each for each in elements(shown) if each.tag == "iframe")
    assert "link" not in {each.tag for each in elements(frame.attrib["srcdoc"])}
    assert '<meta data-link rel=preconnect href="https://x.example">' in frame.attrib["srcdoc"]


def test_a_frame_in_a_mail_is_none() -> None:
    html = '<IFRAME src="https://x.example/"></iframe><frame src="https://x.example/">'
    shown = message(rendering("email", {"html": html}), {}, "")
    (frame,) = (each for each in elements(shown) if each.tag == "iframe")
    tags = {each.tag for each in elements(frame.attrib["srcdoc"])}
    assert not tags & {"iframe", "frame", "frameset"}
    assert "<no-IFRAME" in frame.attrib["srcdoc"] and "<no-frame" in frame.attrib["srcdoc"]


def test_a_subject_shows_what_changed() -> None:
    changed = {"subject": (Stretch(kind="removed", text="Hi"), Stretch(kind="added", text="Ho"))}
    mail = rendering("email", {"subject": "Ho", "html": "<p>x</p>"})
    shown = message(mail, {}, "", "is", changed)
    assert "<del>Hi</del><ins>Ho</ins>" in shown


def test_a_push_on_a_lock_screen() -> None:
    parts = {"title": "New", "body": "Come in", "image": ADDRESS, "link": "https://x.example"}
    shown = message(rendering("push", parts), {PICTURE: b"png"}, "")
    assert "NewCome in" in text_of(shown) and "link: https://x.example" in text_of(shown)
    (image,) = (each for each in elements(shown) if each.tag == "img")
    assert image.attrib["src"] == "data:image/png;base64,cG5n"
    without = message(rendering("push", {**parts, "image": "https://x.example/a.png"}), {}, "")
    assert "picture: https://x.example/a.png" in text_of(without)


def test_a_text_message_says_what_it_costs() -> None:
    one = message(rendering("sms", {"body": "Hi there"}, 1), {}, "")
    assert "Hi there1 segment · 8 characters" in text_of(one)
    two = message(rendering("sms", {"body": "x" * 200}, 2), {}, "")
    assert "2 segments · 200 characters" in text_of(two)


def test_what_is_no_known_kind_is_a_list() -> None:
    assert "colour: red" not in text_of(message(rendering("card", {"colour": "red"}), {}, ""))
    assert "colourred" in text_of(message(rendering("card", {"colour": "red"}), {}, ""))


def test_nothing() -> None:
    assert "No message" in message(None, {}, "Before", "was")
    assert "Nothing to show" in message(rendering("email", {}), {}, "")
    assert note_badge(None) == "" and note_badge(rendering("email", {})) == ""


def test_notes() -> None:
    kept = Rendering(
        persona="a", variant="b", channel="c", locale="d", parts={}, note="would not be sent: cap"
    )
    assert is_kept_back(kept) and "would not be sent: cap" in note_badge(kept)


def test_pictures_that_are_too_large_or_not_known_stay_addresses() -> None:
    markup = f'<td background="{ADDRESS}">'
    assert with_pictures(markup, {}) == markup
    assert with_pictures(markup, {PICTURE: b"x" * (LARGEST_PICTURE + 1)}) == markup
    assert with_pictures(markup, {PICTURE: b"x"}) == '<td background="data:image/png;base64,eA==">'
