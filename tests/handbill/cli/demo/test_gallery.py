"""One sample of each kind of message that was received, each on its page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from handbill.cli.demo.gallery import Sample, choose_samples, write_messages
from handbill.cli.demo.receipt_book import Received

if TYPE_CHECKING:
    from conftest import Delivered


def test_the_first_of_each_mixture_and_how_many(delivered: Delivered) -> None:
    samples = choose_samples(delivered.ledger, delivered.received())
    found = [(each.channel, each.locale, each.variant, each.count) for each in samples]
    assert found == [
        ("email", "en-US", "only", 2), ("email", "es-US", "only", 1),
        ("push", "en-US", "only", 1), ("sms", "en-US", "only", 1),
    ]  # fmt: skip
    assert {(each.tenant, each.campaign) for each in samples} == {("corner", "points")}
    assert samples[0].received.recipient == "ann@shop.example"


def test_what_did_not_arrive_is_no_sample(delivered: Delivered) -> None:
    arrived = [each for each in delivered.received() if each.channel != "push"]
    assert {each.channel for each in choose_samples(delivered.ledger, arrived)} == {"email", "sms"}


def test_pages(delivered: Delivered, tmp_path: Path) -> None:
    samples = choose_samples(delivered.ledger, delivered.received())
    write_messages(tmp_path, samples)
    assert sorted(path.name for path in (tmp_path / "messages").iterdir()) == [
        "corner.points.email.en-US.only.html",
        "corner.points.email.es-US.only.html",
        "corner.points.push.en-US.only.html",
        "corner.points.sms.en-US.only.html",
    ]
    html = (tmp_path / "messages" / samples[0].file).read_text(encoding="utf-8")
    assert "Hello Ann &lt;b&gt;" in html


def test_pages_hold_their_pictures(tmp_path: Path) -> None:
    stored, lost = f"{'a' * 64}.png", f"{'b' * 64}.jpg"
    (tmp_path / "store/assets").mkdir(parents=True)
    (tmp_path / "store/assets" / stored).write_bytes(b"picture")
    served = "http://127.0.0.1:8026/assets"
    mail = f'Content-Type: text/html\n\n<img src="{served}/{stored}"><img src="{served}/{lost}">'
    received = Received("id", "email", "a", "b", mail)
    write_messages(tmp_path, [Sample("corner", "points", "email", "en-US", "only", received, 1)])
    (page,) = (tmp_path / "messages").iterdir()
    assert page.read_text(encoding="utf-8").strip() == (
        f'<img src="data:image/png;base64,cGljdHVyZQ=="><img src="{served}/{lost}">'
    )


def test_no_two_samples_share_a_page() -> None:
    received = Received("id", "email", "a", "b", "c")
    one = Sample("corner", "shop-points", "email", "en-US", "only", received, 1)
    two = Sample("corner-shop", "points", "email", "en-US", "only", received, 1)
    assert one.file != two.file
