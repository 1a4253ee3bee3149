"""Pages behind links say what they are told as text, and tell browsers what may happen in them."""

from __future__ import annotations

from handbill_runtime.link_pages import MESSAGE_PAGE, OWN_PAGE, page


def test_a_page_holds_no_foreign_markup() -> None:
    shown = page("<script>alert(1)</script>", "<b>", "<title>")
    assert "<script>" not in shown and "<b>" not in shown and "<title><title>" not in shown


def test_a_page_has_a_form_only_with_a_button() -> None:
    assert "<form" not in page("Gone")
    assert '<form method="post"><button>Stop</button></form>' in page("Stop?", "Stop")


def test_nothing_runs_and_nobody_frames_or_indexes() -> None:
    for headers in (OWN_PAGE, MESSAGE_PAGE):
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "script-src" not in policy and "allow-scripts" not in policy
        assert headers["X-Robots-Tag"].startswith("noindex")
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert "form-action 'none'" in MESSAGE_PAGE["Content-Security-Policy"]
    assert "sandbox" in MESSAGE_PAGE["Content-Security-Policy"]
